{{ union_feed(['stg_canonical__tickets', 'stg_servicenow__tickets'], kind='version') }}
