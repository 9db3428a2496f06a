{{ union_feed(['stg_canonical__process_assignments'], kind='snapshot') }}
