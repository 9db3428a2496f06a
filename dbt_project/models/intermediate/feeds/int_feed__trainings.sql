{{ union_feed(['stg_canonical__trainings'], kind='version') }}
