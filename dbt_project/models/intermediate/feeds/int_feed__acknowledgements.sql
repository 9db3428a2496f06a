{{ union_feed(['stg_canonical__acknowledgements'], kind='event') }}
