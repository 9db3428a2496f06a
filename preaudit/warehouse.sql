-- Tables that the run itself keeps (everything else in the warehouse is made by dbt or by ingestion, one raw table per source table).
create schema if not exists raw;
create schema if not exists ops;
create schema if not exists ml;

-- One row per file ever seen. grain: delivery_id
create table if not exists ops.deliveries (
    delivery_id bigint primary key,
    source varchar not null,
    feed varchar not null,             -- feed name, or the source's own table name
    folder varchar not null,           -- 'history' or the ISO day
    delivered_on date,                 -- day of the folder; null for history
    file varchar not null,             -- path relative to the landing folder
    file_sha256 varchar not null,
    file_bytes bigint not null,
    status varchar not null,           -- accepted | refused
    refusal_rule varchar,
    refusal_reason varchar,
    rows_delivered bigint not null,
    rows_accepted bigint not null,     -- repeats included
    rows_quarantined bigint not null,
    rows_refused bigint not null,      -- all rows of a refused file; delivered = accepted + quarantined + refused
    rows_repeated bigint not null,
    known_on date,                     -- day the delivery became known; null for history, where each row has its own
    first_known_on date,
    last_known_on date,
    superseded_on date,                -- day a corrected file of the same folder replaced it: visible while null or later than the as-of date
    superseded_by bigint,
    unknown_columns varchar[],
    dropped_columns varchar[],         -- forbidden columns, dropped at the door
    loaded_at timestamp not null
);

-- One row per broken row rule. grain: delivery_id, row_number, rule_code, column_name
create table if not exists ops.quarantine (
    delivery_id bigint not null,
    source varchar not null,
    feed varchar not null,
    file varchar not null,
    row_number bigint not null,        -- 1 = first data row
    rule_code varchar not null,
    column_name varchar,
    value varchar,
    message varchar not null,
    known_on date
);

-- One row per rule checked on a delivery. grain: delivery_id, rule_code, column_name
create table if not exists ops.gate_results (
    delivery_id bigint not null,
    source varchar not null,
    feed varchar not null,
    rule_code varchar not null,
    column_name varchar,
    rule_kind varchar not null,        -- row | table
    is_success boolean not null,
    checked_count bigint not null,
    failed_count bigint not null,
    detail varchar
);

-- One row per as-of range that was run to the end. grain: run_id
create table if not exists ops.runs (
    run_id varchar not null,
    job varchar not null,
    from_date date not null,
    to_date date not null,
    code_version varchar not null,
    started_at timestamp not null,
    ended_at timestamp
);

-- One row per `dbt build` that ended well. grain: invocation_id
create table if not exists ops.invocations (
    invocation_id varchar not null,
    run_id varchar not null,
    stage varchar not null,
    from_date date not null,
    to_date date not null,
    project_digest varchar not null,
    ended_at timestamp not null
);

-- Which dbt project made the views of a stage last. grain: stage
create table if not exists ops.builds (
    stage varchar primary key,
    project_digest varchar not null
);

-- grain: as_of_on, entity_kind, entity_id, control_id, horizon_days
create table if not exists ml.scores (
    as_of_on date not null,
    entity_kind varchar not null,
    entity_id varchar not null,
    control_id varchar not null,
    horizon_days integer not null,
    probability double,                -- calibrated; null where no model serves
    margin double,                     -- raw log-odds of the model
    served_by varchar not null,        -- model | rule
    rule_exceptions_28d double,
    rule_exceptions_90d double,
    model_version varchar,
    reasons varchar                    -- JSON list, see ml/explanation.py
);
-- Columns that a warehouse of an earlier release does not have yet.
alter table ml.scores add column if not exists probability_lower double;     -- Venn-Abers interval, see ml/venn_abers.py
alter table ml.scores add column if not exists probability_upper double;
alter table ml.scores add column if not exists has_enough_evidence boolean;  -- false: too little evidence for a place in the list
alter table ml.scores add column if not exists
    levers struct(
        feature varchar, sentence varchar, value double, peer_value double, probability_after double, change double
    )[];                                                                     -- what would lower the probability, see ml/levers.py

-- What each registered model version of the headline horizon was trained on. grain: entity_kind, model_version
create table if not exists ml.trained_models (
    entity_kind varchar not null,
    model_version varchar not null,
    horizon_days integer not null,
    last_as_of_on date not null,       -- the last as-of date with a known outcome, which trained it
    outcomes_through_on date not null, -- the last day whose outcomes it has seen
    entities integer not null,         -- distinct ones among its training rows
    recorded_at timestamp not null
);

-- How the inputs were spread over the training rows. grain: entity_kind, model_version, feature, bin
create table if not exists ml.feature_reference (
    entity_kind varchar not null,
    model_version varchar not null,
    feature varchar not null,
    cut_points double[] not null,      -- the deciles, equal ones once; bin n holds the values above n of them
    bin integer not null,              -- -1: not known
    reference_rows bigint not null
);

-- What the lists of the last training's judged dates would have caught. grain: entity_kind, as_of_on
create table if not exists ml.backtested_lists (
    entity_kind varchar not null,
    as_of_on date not null,
    horizon_days integer not null,
    list_size integer not null,
    failed integer not null,           -- entities on the model's list that failed in the horizon
    rule_failed integer not null,      -- entities on a list of the same size, made by the rule, that failed
    expected double not null           -- entities on the model's list that were expected to fail
);
