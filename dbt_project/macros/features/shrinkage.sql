{#- Empirical Bayes for rates of small groups: (successes + prior_trials * prior_ratio) / (trials + prior_trials).
    prior_trials is alpha + beta of a beta-binomial, by the method of moments of Kleinman (1973), "Proportions with extraneous
    variance: single and independent samples", JASA 68(341), 46-54, with weights n_i. Within groups of common mean p:
    E[sum n_i (p_i - p)^2] = (k - 1) p (1 - p) + tau^2 (N - sum n_i^2 / N - (k - 1)); alpha + beta = p (1 - p) / tau^2 - 1. -#}

{#- spread: sum n_i (p_i - p)^2. chance: (k - 1) p (1 - p). information: N - sum n_i^2 / N - (k - 1). degrees: k - 1. Each may be
    summed over several groups. The prior weighs between 1 and 10 000 trials: the most where no spread beyond chance is seen. -#}
{% macro prior_trials(spread, chance, information, degrees) -%}
    case
        when {{ information }} > 0 and {{ spread }} > {{ chance }}
            then least(greatest({{ chance }} / {{ degrees }} * {{ information }} / ({{ spread }} - {{ chance }}) - 1, 1), 10000)
        else 10000
    end
{%- endmacro %}

{% macro shrunk_ratio(successes, trials, prior_ratio, prior_trials) -%}
    ({{ successes }} + {{ prior_trials }} * {{ prior_ratio }}) / ({{ trials }} + {{ prior_trials }})
{%- endmacro %}

{#- A sum of fractions as decimals: the same to the last digit in whatever order threads add them. -#}
{% macro exact_sum(value) -%}
    sum(cast({{ value }} as decimal(38, 12)))
{%- endmacro %}
