{{ union_feed(['stg_console__decisions'], kind='event') }}
