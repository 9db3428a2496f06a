{{ union_feed(['stg_canonical__auth_events'], kind='event') }}
