with

counts as (
    select * from {{ ref('int_features__rate_counts') }}
    union all by name
    select * from {{ ref('int_features__pair_counts') }}
)

select
    counts.as_of_on,
    counts.entity_kind,
    counts.entity_id,
    counts.measure,
    counts.trials,
    priors.parent_trials,
    priors.prior_ratio,
    {{ shrunk_ratio('counts.successes', 'counts.trials', 'priors.prior_ratio', 'priors.prior_trials') }} as shrunk_ratio
from counts
inner join {{ ref('int_features__rate_priors') }} as priors
    on
        counts.as_of_on = priors.as_of_on
        and counts.entity_kind = priors.entity_kind
        and counts.measure = priors.measure
        and counts.parent_id = priors.parent_id
