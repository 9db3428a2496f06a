{{ union_feed(['stg_canonical__ticket_events', 'stg_servicenow__ticket_events'], kind='event') }}
