"""The model card says everything a reviewer needs, in Markdown and in HTML with its pictures inside."""

from dataclasses import replace

import polars as pl
import pytest

from ml import review_pack
from ml.ablation import SCHEMA
from ml.card_text import Grid, Section, as_html, as_markdown
from ml.gate import no_model
from ml.model_card import sections, summary
from ml.slices import slice_table, stability_table


@pytest.fixture(scope="module")
def pack(trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    review_pack.write(trained, folder, 90)
    return folder


@pytest.fixture(scope="module")
def card(pack):
    return (pack / "model_card.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "title",
    ["Verdict", "What it is for", "Cohort, label and time", "Data and code", "The model beside its competitors",
     "Are the probabilities true", "Slices and parity", "Features by family", "Ablation", "Stability", "Leak tests", "Limits",
     "Expiry and approval"],
)  # fmt: skip
def test_the_card_has_every_section(card, title):
    assert f"\n## {title}\n" in card


def test_the_card_names_data_code_and_the_gates_answers(trained, card):
    assert trained.facts["data_digest"] in card
    assert trained.decision.verdict in card
    assert all(answer.detail in card for answer in trained.decision.answers)


def test_every_competitor_stands_in_the_table_with_its_interval(trained, card):
    table = card[card.index("ranked by") : card.index("the model on")]
    for words in ("base rate of the control", "rule in use", "own past rate, shrunk", "logistic regression", "| model |"):
        assert words in table
    found = trained.review.filter(
        (pl.col("split") == "seen_later") & (pl.col("competitor") == "lightgbm") & (pl.col("metric") == "recall_at_k")
    ).row(0, named=True)
    assert f"{found['value']:.2f} ({found['lower']:.2f} to {found['upper']:.2f})" in table


def test_it_expires_a_setting_of_days_after_the_last_training_date(trained):
    facts = {**trained.facts, "last_as_of_on": "2026-04-05"}
    assert "Expires on 2026-04-15, 10 days" in summary(replace(trained, facts=facts), 10)


def test_the_html_holds_the_pictures_and_needs_nothing_from_elsewhere(pack):
    page = (pack / "model_card.html").read_text(encoding="utf-8")
    assert page.count("src='data:image/png;base64,") == len(list(pack.glob("*.png")))
    assert "http" not in page


def test_a_training_without_a_model_has_a_card_too(trained, tmp_path):
    empty = {name: getattr(trained, name).head(0) for name in ("review", "reliability", "validation_rows", "effects")}
    nothing = replace(trained, model=None, decision=no_model("12 matured failures, need 50"), **empty)
    review_pack.write(nothing, tmp_path, 90)
    assert "no model: 12 matured failures, need 50" in (tmp_path / "model_card.md").read_text(encoding="utf-8")
    assert (tmp_path / "review.csv").is_file()


def test_an_ablation_is_told_and_its_absence_too(trained, card):
    assert "Not asked in this training" in card
    row = {"family": "workload", "family_words": "workload", "features": 3, "metric": "log_loss", "change": 0.0021,
           "lower": 0.001, "upper": 0.003, "is_dropped": False}  # fmt: skip
    asked = replace(trained, ablation=pl.DataFrame([row], schema=SCHEMA))
    ratio = trained.facts["capacity_ratio"]
    found = sections(asked, slice_table(asked.validation_rows, ratio), stability_table(asked.validation_rows, ratio), 90)
    assert "| workload | log loss | +0.0021 (+0.0010 to +0.0030) | kept |" in as_markdown("card", found)


def test_what_looks_like_markup_stays_text(tmp_path):
    section = Section("a <b>", (Grid(("x|y",), [("<script>",)]), "1 < 2"))
    assert "<script>" not in as_html("t", [section], tmp_path)
    assert "| x\\|y |" in as_markdown("t", [section])
