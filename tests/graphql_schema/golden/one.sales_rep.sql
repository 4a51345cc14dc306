-- $1: variable.id
-- $2: the caller's regions of assignment 0
-- $3: the caller's me
-- $4: the document's 5
-- $5: the document's 3
-- $6: the caller's subjects
SELECT (
  SELECT row_to_json(r13.*) AS row_to_json_1
  FROM (
    SELECT encode('\x0c00'::bytea || uuid_send($1::UUID), 'base64') AS id,
    v1.display_name AS "displayName",
    v1.email AS email,
    CASE WHEN (v1.annual_revenue IS NOT NULL) THEN json_build_object('amount', CAST (v1.annual_revenue AS TEXT), 'currency', CAST (v1.annual_revenue__currency AS TEXT)) END AS "annualRevenue",
    (
      SELECT row_to_json(r3.*) AS row_to_json_2
      FROM (
        SELECT v2.display_name AS "displayName"
        FROM (
          SELECT own.id AS id,
          own.display_name AS display_name
          FROM users AS own
          WHERE own.deleted_at IS NULL
        ) AS v2
        WHERE v2.id = v1.owner_id
      ) AS r3
    ) AS owner,
    (
      SELECT row_to_json(r9.*) AS row_to_json_3
      FROM (
        SELECT (
          SELECT count(*) AS count_1
          FROM (
            SELECT own.customer_id AS customer_id,
            own.id AS id
            FROM contacts AS own
            WHERE (own.region_id = ANY ($2::UUID[])) AND own.deleted_at IS NULL
          ) AS v6
          WHERE v6.customer_id = $1::UUID AND true
        ) AS "totalCount",
        coalesce((
          SELECT json_agg(row_to_json(p8.*)) AS json_agg_1
          FROM (
            SELECT v7.display_name AS "displayName",
            v7.email AS email
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.display_name AS display_name,
              CASE WHEN (own.owner_id = $3::UUID) THEN own.email ELSE CASE WHEN (own.email IS NULL) THEN CAST (NULL AS TEXT) WHEN (own.email ~ '^[^@[:space:]]{5,}@[^@[:space:]]+$') THEN left(own.email, 1) || '•••@' || split_part(own.email, '@', 2) ELSE '•••' END END AS email
              FROM contacts AS own
              WHERE (own.region_id = ANY ($2::UUID[])) AND own.deleted_at IS NULL
            ) AS v7
            WHERE v7.customer_id = $1::UUID AND true
            ORDER BY v7.customer_id ASC,
            v7.id ASC
            LIMIT $4::INTEGER
          ) AS p8
        ), '[]'::json) AS nodes
      ) AS r9
    ) AS contacts,
    (
      SELECT row_to_json(r12.*) AS row_to_json_4
      FROM (
        SELECT coalesce((
          SELECT json_agg(row_to_json(p11.*)) AS json_agg_2
          FROM (
            SELECT v10.number AS number,
            CASE WHEN (v10.total IS NOT NULL) THEN json_build_object('amount', CAST (v10.total AS TEXT), 'currency', CAST (v10.total__currency AS TEXT)) END AS total
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.number AS number,
              own.ordered_at AS ordered_at,
              CASE WHEN (own.owner_id = $3::UUID) THEN own.total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total,
              CASE WHEN (own.owner_id = $3::UUID) THEN own.currency ELSE CAST (NULL AS VARCHAR (3)) COLLATE "C" END AS total__currency,
              CASE WHEN (own.owner_id = $3::UUID) THEN own.base_total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total__base_total
              FROM orders AS own
              WHERE (own.region_id = ANY ($2::UUID[])) AND own.deleted_at IS NULL
            ) AS v10
            WHERE v10.customer_id = $1::UUID AND true
            ORDER BY v10.ordered_at DESC,
            v10.customer_id DESC,
            v10.id DESC
            LIMIT $5::INTEGER
          ) AS p11
        ), '[]'::json) AS nodes
      ) AS r12
    ) AS orders,
    json_build_object('masked', to_json(array_remove(ARRAY[CASE WHEN (v1.email__state = 'masked') THEN 'email' END, CASE WHEN (v1.phone__state = 'masked') THEN 'phone' END, CASE WHEN (v1.annual_revenue__state = 'masked') THEN 'annualRevenue' END, CASE WHEN (v1.fx_rate__state = 'masked') THEN 'fxRate' END, CASE WHEN (v1.fx_date__state = 'masked') THEN 'fxDate' END], CAST (NULL AS TEXT))), 'withheld', to_json(array_remove(ARRAY[CASE WHEN (v1.email__state = 'withheld') THEN 'email' END, CASE WHEN (v1.phone__state = 'withheld') THEN 'phone' END, 'birthDate', 'taxId', CASE WHEN (v1.annual_revenue__state = 'withheld') THEN 'annualRevenue' END, CASE WHEN (v1.fx_rate__state = 'withheld') THEN 'fxRate' END, CASE WHEN (v1.fx_date__state = 'withheld') THEN 'fxDate' END], CAST (NULL AS TEXT)))) AS access
    FROM (
      SELECT own.id AS id,
      CASE WHEN (own.owner_id = $3::UUID) THEN own.annual_revenue ELSE CAST (NULL AS NUMERIC (19, 4)) END AS annual_revenue,
      CASE WHEN (own.owner_id = $3::UUID) THEN own.currency ELSE CAST (NULL AS VARCHAR (3)) COLLATE "C" END AS annual_revenue__currency,
      CASE WHEN (own.owner_id = $3::UUID) THEN own.base_annual_revenue ELSE CAST (NULL AS NUMERIC (19, 4)) END AS annual_revenue__base_annual_revenue,
      own.display_name AS display_name,
      CASE WHEN (own.owner_id = $3::UUID) THEN own.email ELSE CASE WHEN (own.email IS NULL) THEN CAST (NULL AS TEXT) WHEN (own.email ~ '^[^@[:space:]]{5,}@[^@[:space:]]+$') THEN left(own.email, 1) || '•••@' || split_part(own.email, '@', 2) ELSE '•••' END END AS email,
      own.owner_id AS owner_id,
      CASE WHEN (own.owner_id = $3::UUID) THEN 'plain' ELSE 'withheld' END AS annual_revenue__state,
      CASE WHEN (own.owner_id = $3::UUID) THEN 'plain' ELSE 'masked' END AS email__state,
      CASE WHEN (own.owner_id = $3::UUID) THEN 'plain' ELSE 'withheld' END AS fx_date__state,
      CASE WHEN (own.owner_id = $3::UUID) THEN 'plain' ELSE 'withheld' END AS fx_rate__state,
      CASE WHEN (own.owner_id = $3::UUID) THEN 'plain' ELSE 'masked' END AS phone__state
      FROM customers AS own
      WHERE (own.region_id = ANY ($2::UUID[])) AND own.deleted_at IS NULL AND own.erased_at IS NULL
    ) AS v1
    WHERE v1.id = $1::UUID
  ) AS r13
) AS f0,
(
  SELECT policy_state.policy_epoch
  FROM policy_state
) AS p0,
(
  SELECT policy_state.access_epoch
  FROM policy_state
) AS p1,
coalesce((
  SELECT CAST (sum(access_versions.version) AS BIGINT) AS sum_1
  FROM access_versions
  WHERE access_versions.subject_id = ANY ($6::UUID[])
), 0) AS p2,
now() AS p3
