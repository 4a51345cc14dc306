-- $1: the caller's regions of assignment 0
-- $2: the document's ACTIVE, AT_RISK
-- $3: the document's FULFILLED
-- $4: variable.first
-- $5: the document's 3
-- $6: the caller's me
-- $7: the document's ACTIVE, AT_RISK
-- $8: the document's FULFILLED
-- $9: the caller's subjects
SELECT (
  SELECT row_to_json(r14.*) AS row_to_json_1
  FROM (
    SELECT (
      SELECT count(*) AS count_1
      FROM (
        SELECT own.id AS id,
        own.lifecycle_stage AS lifecycle_stage
        FROM customers AS own
        WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL AND own.erased_at IS NULL
      ) AS v12
      WHERE v12.lifecycle_stage = ANY ($2::TEXT[]) AND (EXISTS (
        SELECT 1
        FROM (
          SELECT own.customer_id AS customer_id,
          own.id AS id,
          own.status AS status
          FROM orders AS own
          WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
        ) AS v13
        WHERE v13.customer_id = v12.id AND v13.status = $3::VARCHAR
      ))
    ) AS "totalCount",
    json_build_object('hasNextPage', count(*) > $4::INTEGER, 'endCursor', json_extract_path_text(to_json(array_agg(p11.cursor ORDER BY p11.n DESC) FILTER (WHERE p11.n <= $4::INTEGER)), '0')) AS "pageInfo",
    coalesce(json_agg(p11.n0 ORDER BY p11.n ASC) FILTER (WHERE p11.n <= $4::INTEGER), '[]'::json) AS nodes
    FROM (
      SELECT row_number() OVER () AS n,
      p10.cursor AS cursor,
      p10.n0 AS n0
      FROM (
        SELECT q9.cursor AS cursor,
        q9.n0 AS n0
        FROM (
          SELECT translate(encode(convert_to(CAST (json_build_array('73a1040e', v1.display_name, v1.id) AS TEXT), 'UTF8'), 'base64'), E'+/\n', '-_') AS cursor,
          (
            SELECT row_to_json(r8.*) AS row_to_json_2
            FROM (
              SELECT encode('\x0c00'::bytea || uuid_send(v1.id), 'base64') AS id,
              v1.display_name AS "displayName",
              v1.email AS email,
              (
                SELECT row_to_json(r4.*) AS row_to_json_3
                FROM (
                  SELECT v3.name AS name
                  FROM (
                    SELECT own.id AS id,
                    own.name AS name
                    FROM regions AS own
                    WHERE own.deleted_at IS NULL
                  ) AS v3
                  WHERE v3.id = v1.region_id
                ) AS r4
              ) AS region,
              (
                SELECT row_to_json(r7.*) AS row_to_json_4
                FROM (
                  SELECT coalesce((
                    SELECT json_agg(row_to_json(p6.*)) AS json_agg_1
                    FROM (
                      SELECT v5.subject AS subject,
                      v5.status AS status
                      FROM (
                        SELECT own.customer_id AS customer_id,
                        own.id AS id,
                        own.status AS status,
                        own.subject AS subject
                        FROM tickets AS own
                        WHERE (EXISTS (
                          SELECT 1
                          FROM customers AS customers_1
                          WHERE customers_1.id = own.customer_id AND customers_1.deleted_at IS NULL AND customers_1.region_id = ANY ($1::UUID[])
                        )) AND own.deleted_at IS NULL
                      ) AS v5
                      WHERE v5.customer_id = v1.id AND true
                      ORDER BY v5.customer_id ASC,
                      v5.id ASC
                      LIMIT $5::INTEGER
                    ) AS p6
                  ), '[]'::json) AS nodes
                ) AS r7
              ) AS tickets
            ) AS r8
          ) AS n0
          FROM (
            SELECT own.id AS id,
            own.display_name AS display_name,
            CASE WHEN (own.owner_id = $6::UUID) THEN own.email ELSE CASE WHEN (own.email IS NULL) THEN CAST (NULL AS TEXT) WHEN (own.email ~ '^[^@[:space:]]{5,}@[^@[:space:]]+$') THEN left(own.email, 1) || '•••@' || split_part(own.email, '@', 2) ELSE '•••' END END AS email,
            own.lifecycle_stage AS lifecycle_stage,
            own.region_id AS region_id
            FROM customers AS own
            WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL AND own.erased_at IS NULL
          ) AS v1
          WHERE v1.lifecycle_stage = ANY ($7::TEXT[]) AND (EXISTS (
            SELECT 1
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.status AS status
              FROM orders AS own
              WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
            ) AS v2
            WHERE v2.customer_id = v1.id AND v2.status = $8::VARCHAR
          ))
          ORDER BY v1.display_name ASC,
          v1.id ASC
          LIMIT $4::INTEGER + 1
        ) AS q9
        LIMIT 101
      ) AS p10
    ) AS p11
    GROUP BY ()
  ) AS r14
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
  WHERE access_versions.subject_id = ANY ($9::UUID[])
), 0) AS p2,
now() AS p3
