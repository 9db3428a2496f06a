with

counts as (
    select * from {{ ref('int_features__rate_counts') }}
    union all by name
    select * from {{ ref('int_features__pair_counts') }}
),

parents as (
    select
        as_of_on,
        entity_kind,
        measure,
        parent_id,
        greatest(count(*) filter (trials > 0) - 1, 0) as degrees,
        sum(trials)::double as trials,
        sum(successes)::double as successes,
        sum(trials * trials)::double as trials_squared,
        {{ exact_sum('successes * successes / nullif(trials, 0)::double') }}::double as spread_sum
    from counts
    group by as_of_on, entity_kind, measure, parent_id
),

overall as (
    select
        as_of_on,
        entity_kind,
        measure,
        sum(degrees)::double as degrees,
        {{ exact_sum('spread_sum - successes * successes / trials') }}::double as spread,
        {{ exact_sum('degrees * successes / trials * (1 - successes / trials)') }}::double as chance,
        {{ exact_sum('trials - trials_squared / trials - degrees') }}::double as information,
        count(*)::double - 1 as parent_degrees,
        {{ exact_sum('trials') }}::double as all_trials,
        {{ exact_sum('successes') }}::double as all_successes,
        {{ exact_sum('successes * successes / trials') }}::double as parent_spread_sum,
        {{ exact_sum('trials * trials') }}::double as parent_trials_squared
    from parents
    where trials > 0
    group by as_of_on, entity_kind, measure
),

strengths as (
    select
        *,
        all_successes / all_trials as overall_ratio,
        {{ prior_trials('spread', 'chance', 'information', 'degrees') }} as prior_trials,
        parent_spread_sum - all_successes * all_successes / all_trials as parent_spread,
        parent_degrees * overall_ratio * (1 - overall_ratio) as parent_chance,
        all_trials - parent_trials_squared / all_trials - parent_degrees as parent_information,
        {{ prior_trials('parent_spread', 'parent_chance', 'parent_information', 'parent_degrees') }} as parent_prior_trials
    from overall
)

select
    parents.as_of_on,
    parents.entity_kind,
    parents.measure,
    parents.parent_id,
    parents.trials as parent_trials,
    strengths.prior_trials,
    strengths.overall_ratio,
    {{ shrunk_ratio('parents.successes', 'parents.trials', 'strengths.overall_ratio', 'strengths.parent_prior_trials') }}
        as prior_ratio
from parents
inner join strengths
    on
        parents.as_of_on = strengths.as_of_on
        and parents.entity_kind = strengths.entity_kind
        and parents.measure = strengths.measure
