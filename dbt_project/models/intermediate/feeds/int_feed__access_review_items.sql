{{ union_feed(['stg_canonical__access_review_items'], kind='version') }}
