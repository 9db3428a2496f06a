"""What the run writes down about a delivery: its record, its quarantined rows, the gate's results, what it replaces.

Belongs here: every statement that writes to ops.deliveries, ops.quarantine and ops.gate_results. Does not: deciding anything.
"""

from datetime import date, datetime

import duckdb

from expectations import contract, suites
from expectations.columns import Feed
from expectations.duplicates import FAILURES
from expectations.gate import RuleResult
from expectations.sql import literal, only_row, quote
from preaudit.errors import PreauditError
from preaudit.ingestion import raw
from preaudit.ingestion.discovery import DeliveryFile
from preaudit.ingestion.outcome import DeliveryOutcome
from preaudit.ingestion.problems import RAW_LINE_LIMIT, MalformedRow


class Record:
    """Collects and writes what is to be kept of one delivery."""

    def __init__(self, con: duckdb.DuckDBPyConnection, feed: Feed, file: DeliveryFile, loaded_at: datetime) -> None:
        self._con, self._feed, self._file, self._loaded_at = con, feed, file, loaded_at
        self._sha256 = file.sha256()
        self._unknown: tuple[str, ...] = ()
        self._dropped: tuple[str, ...] = ()
        self._known_on: date | None = None
        self.delivery_id = 0
        self.replaces: int | None = None

    def note_columns(self, names: tuple[str, ...]) -> None:
        """Remember the columns that the contract does not have."""
        undeclared = tuple(name for name in names if name.lower() not in self._feed.by_name)
        self._dropped = tuple(name for name in undeclared if contract.is_forbidden(self._feed, name))
        self._unknown = tuple(name for name in undeclared if name not in self._dropped)

    def open(self, known_on: date | None) -> None:
        """Take the next delivery number, and the delivery of the same folder that this one would replace."""
        self._known_on = known_on
        self._take_number()
        (self.replaces,) = only_row(
            self._con,
            "select max(delivery_id) from ops.deliveries where source = ? and feed = ? and folder = ? and status = 'accepted' "
            "and superseded_on is null",
            [self._feed.source, self._feed.name, self._file.folder],
        )

    def accept(self, rows: int, malformed: tuple[MalformedRow, ...], results: tuple[RuleResult, ...]) -> DeliveryOutcome:
        """Mark rows, write quarantine, results and record; the caller commits.

        Raises:
            PreauditError: delivered rows are not accepted plus quarantined.
        """
        table, number = raw.table_name(self._feed), self.delivery_id
        this = f"_delivery_id = {number} and _row_number in"
        self._con.execute(f"update {table} set _is_quarantined = true where {this} (select row_number from {FAILURES})")
        self._con.execute(
            f"update {table} set _is_repeat = true where {this} (select _row_number from key_repeats where not is_conflict)"
        )
        self._quarantine_rows()
        self._quarantine_malformed(malformed)
        accepted, repeated, first, last = only_row(
            self._con,
            "select count(*), count(*) filter (where _is_repeat), min(_known_on), max(_known_on) "
            f"from {table} where _delivery_id = {number} and not _is_quarantined",
        )
        (quarantined,) = only_row(
            self._con, "select count(distinct row_number) from ops.quarantine where delivery_id = ?", [number]
        )
        outcome = self._outcome("accepted", None, None, rows + len(malformed), accepted, quarantined, 0, repeated, first, last)
        found = (
            [RuleResult("MALFORMED_ROW", None, "row", False, rows + len(malformed), len(malformed), None)] if malformed else []
        )
        self._write(outcome, (*results, *found))
        self._supersede(first)
        return outcome

    def refuse(self, rule: str, reason: str, *, rows: int, results: tuple[RuleResult, ...]) -> DeliveryOutcome:
        """Write the record of a refused file; the caller commits."""
        self._take_number()
        outcome = self._outcome("refused", rule, reason, rows, 0, 0, rows, 0, None, None)
        if not any(result.rule_code == rule for result in results):
            results = (*results, RuleResult(rule, None, "table", False, rows, rows, reason))
        self._write(outcome, results)
        return outcome

    def _take_number(self) -> None:
        (self.delivery_id,) = only_row(self._con, "select coalesce(max(delivery_id), 0) + 1 from ops.deliveries")

    def _outcome(
        self,
        status: str,
        rule: str | None,
        reason: str | None,
        delivered: int,
        accepted: int,
        quarantined: int,
        refused: int,
        repeated: int,
        first: date | None,
        last: date | None,
    ) -> DeliveryOutcome:
        if delivered != accepted + quarantined + refused:
            raise PreauditError(
                f"{delivered} rows were delivered, but {accepted} accepted, {quarantined} quarantined and {refused} refused.",
                where=self._file.file,
                remedy="Nothing of this file was kept. This is a fault of Preaudit: report it with the file.",
            )
        return DeliveryOutcome(
            self.delivery_id,
            self._feed.source,
            self._feed.name,
            self._file.folder,
            self._file.file,
            status,
            rule,
            reason,
            delivered,
            accepted,
            quarantined,
            refused,
            repeated,
            self._known_on,
            first,
            last,
            self.replaces if status == "accepted" else None,
            self._unknown,
            self._dropped,
        )

    def _write(self, outcome: DeliveryOutcome, results: tuple[RuleResult, ...]) -> None:
        values = {
            "delivery_id": outcome.delivery_id,
            "source": outcome.source,
            "feed": outcome.feed,
            "folder": outcome.folder,
            "delivered_on": self._file.delivered_on,
            "file": outcome.file,
            "file_sha256": self._sha256,
            "file_bytes": self._file.bytes,
            "status": outcome.status,
            "refusal_rule": outcome.refusal_rule,
            "refusal_reason": outcome.refusal_reason,
            "rows_delivered": outcome.rows_delivered,
            "rows_accepted": outcome.rows_accepted,
            "rows_quarantined": outcome.rows_quarantined,
            "rows_refused": outcome.rows_refused,
            "rows_repeated": outcome.rows_repeated,
            "known_on": outcome.known_on,
            "first_known_on": outcome.first_known_on,
            "last_known_on": outcome.last_known_on,
            "unknown_columns": list(outcome.unknown_columns),
            "dropped_columns": list(outcome.dropped_columns),
            "loaded_at": self._loaded_at,
        }
        marks = ", ".join("?" for _ in values)
        self._con.execute(f"insert into ops.deliveries ({', '.join(values)}) values ({marks})", list(values.values()))
        for result in results:
            self._con.execute(
                "insert into ops.gate_results values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    outcome.delivery_id,
                    outcome.source,
                    outcome.feed,
                    result.rule_code,
                    result.column_name,
                    result.rule_kind,
                    result.is_success,
                    result.checked_count,
                    result.failed_count,
                    result.detail,
                ],
            )

    def _quarantine_rows(self) -> None:
        """One line per broken row rule, with the cell's text as it came, cut at 10,000 characters."""
        messages = {
            (rule.code, rule.column): rule.message for rule in suites.row_rules(self._feed, is_history=self._file.is_history)
        }
        pairs = self._con.execute(f"select distinct rule_code, column_name from {FAILURES}").fetchall()
        for code, column in pairs:
            names = str(column).split(", ")
            cell = quote(names[0]) if len(names) == 1 else f"concat_ws(', ', {', '.join(quote(name) for name in names)})"
            cell = f"left({cell}, {RAW_LINE_LIMIT})"
            message = f"{column} {messages.get((code, column), 'has come before with another content')}"
            self._con.execute(
                f"insert into ops.quarantine select _delivery_id, ?, ?, _file, _row_number, ?, ?, {cell}, ?, _known_on "
                f"from {raw.table_name(self._feed)} where _delivery_id = {self.delivery_id} and _row_number in "
                f"(select row_number from {FAILURES} where rule_code = {literal(code)} and column_name = {literal(column)})",
                [self._feed.source, self._feed.name, code, column, message],
            )

    def _quarantine_malformed(self, malformed: tuple[MalformedRow, ...]) -> None:
        """The line as it came, except where the file has forbidden columns, whose cells it would let in."""
        for row in malformed:
            line = row.line if not self._dropped else "(withheld: the file has forbidden columns)"
            self._con.execute(
                "insert into ops.quarantine values (?, ?, ?, ?, ?, ?, null, ?, ?, ?)",
                [
                    self.delivery_id,
                    self._feed.source,
                    self._feed.name,
                    self._file.file,
                    row.row_number,
                    row.rule,
                    line,
                    row.message,
                    self._known_on,
                ],
            )

    def _supersede(self, first_known_on: date | None) -> None:
        """A corrected history replaces the old one from its first day on; published snapshots stay as they are."""
        if self.replaces is None:
            return
        self._con.execute(
            "update ops.deliveries set superseded_on = coalesce(?, first_known_on, ?), superseded_by = ? where delivery_id = ?",
            [self._known_on, first_known_on, self.delivery_id, self.replaces],
        )
