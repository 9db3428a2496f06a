{#- VARCHAR: what became of a pair of control and entity since the day before on which the control was evaluated. `pair` has status
    (today's), item_kind, previous_exceptions (null where it did not fail then) and unjudged_items. -#}
{% macro control_change(pair) -%}
    case
        when {{ pair }}.status = 'fail' and {{ pair }}.previous_exceptions > 0 then 'still_failing'
        when {{ pair }}.status = 'fail' then 'newly_failing'
        when {{ pair }}.status in ('not_evaluable', 'error') then 'unknown'
        when {{ pair }}.status = 'waived' then 'now_waived'
        -- What happened stays an exception: good events after it repair nothing, and a day without events says nothing.
        when {{ pair }}.item_kind = 'event' and {{ pair }}.status = 'pass' then 'passed_again'
        when {{ pair }}.item_kind = 'event' then 'not_tested'
        -- What could not be judged today may be what was broken before.
        when {{ pair }}.status = 'pass' and {{ pair }}.unjudged_items > 0 then 'unknown'
        when {{ pair }}.status = 'pass' then 'fixed'
        else 'gone'
    end
{%- endmacro %}
