{{ union_feed(['stg_canonical__data_access_events'], kind='event') }}
