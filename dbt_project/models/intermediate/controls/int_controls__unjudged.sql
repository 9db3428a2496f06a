select
    control_id,
    entity_kind,
    entity_id,
    tested_on as on_date,
    count(*) as items,
    min(reason) as reason
from {{ ref('fct_tested_items') }}
where is_exception is null and {{ is_run_day('tested_on') }}
group by control_id, entity_kind, entity_id, tested_on
