{{ union_feed(['stg_canonical__entitlements'], kind='snapshot') }}
