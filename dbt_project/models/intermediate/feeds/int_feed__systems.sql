{{ union_feed(['stg_canonical__systems'], kind='snapshot') }}
