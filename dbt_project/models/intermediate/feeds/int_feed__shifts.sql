{{ union_feed(['stg_canonical__shifts'], kind='version') }}
