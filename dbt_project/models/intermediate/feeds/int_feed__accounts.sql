{{ union_feed(['stg_canonical__accounts'], kind='snapshot') }}
