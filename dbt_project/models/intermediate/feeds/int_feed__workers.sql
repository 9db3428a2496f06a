{{ union_feed(['stg_canonical__workers'], kind='snapshot') }}
