{{ union_feed(['stg_canonical__processes'], kind='snapshot') }}
