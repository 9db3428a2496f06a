{{ union_feed(['stg_canonical__findings'], kind='event') }}
