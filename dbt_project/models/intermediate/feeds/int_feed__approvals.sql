{{ union_feed(['stg_canonical__approvals'], kind='event') }}
