{{ union_feed(['stg_canonical__screenings'], kind='version') }}
