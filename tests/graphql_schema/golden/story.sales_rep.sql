-- $1: the caller's regions of assignment 0
-- $2: variable.id
-- $3: the document's HELD
-- $4: the document's CALL, EMAIL, MEETING, VISIT, CHAT, SMS, SOCIAL
-- $5: the caller's me
-- $6: the document's UNCONFIRMED, UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED, PARTIALLY_RETURNED, RETURNED
-- $7: the document's UNCONFIRMED, UNFULFILLED, PARTIALLY_FULFILLED, FULFILLED, PARTIALLY_RETURNED, RETURNED
-- $8: the document's NEW, ASSIGNED, PENDING_CUSTOMER, IN_PROGRESS
-- $9: the document's 2026-01-01 00:00:00+00:00
-- $10: the document's 5
-- $11: the caller's subjects
SELECT (
  SELECT row_to_json(r35.*) AS row_to_json_1
  FROM (
    SELECT v1.display_name AS "displayName",
    (
      SELECT row_to_json(r14.*) AS row_to_json_2
      FROM (
        SELECT c5.orders AS orders,
        c5.ordered AS ordered,
        c9. "openTickets" AS "openTickets",
        (
          SELECT row_to_json(r13.*) AS row_to_json_3
          FROM (
            SELECT v10.occurred_at AS "occurredAt",
            (
              SELECT row_to_json(r12.*) AS row_to_json_4
              FROM (
                SELECT v11.display_name AS "displayName"
                FROM (
                  SELECT own.id AS id,
                  own.display_name AS display_name
                  FROM users AS own
                  WHERE own.deleted_at IS NULL
                ) AS v11
                WHERE v11.id = v10.owner_id
              ) AS r12
            ) AS owner
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.kind AS kind,
              own.occurred_at AS occurred_at,
              own.owner_id AS owner_id,
              own.status AS status
              FROM interactions AS own
              WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
            ) AS v10
            WHERE v10.customer_id = $2::UUID AND v10.status = ANY ($3::TEXT[]) AND v10.kind = ANY ($4::TEXT[]) AND v10.occurred_at <= now() AND v10.occurred_at IS NOT NULL
            ORDER BY v10.occurred_at DESC,
            v10.id DESC
            LIMIT 1
          ) AS r13
        ) AS "lastContact"
        FROM (
          SELECT CAST (coalesce(sum(g4.rows) FILTER (WHERE g4.figure = 0), 0) AS BIGINT) AS orders,
          json_build_object('base', CAST (sum(g4.base) FILTER (WHERE g4.figure = 1) AS TEXT)) AS ordered
          FROM (
            SELECT anon_1.figure AS figure,
            anon_1.part AS part,
            count(*) AS rows,
            count(anon_1.amount) AS amounts,
            sum(anon_1.amount) AS amount,
            sum(anon_1.base) AS base
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.status AS status,
              CASE WHEN (own.owner_id = $5::UUID) THEN own.total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total,
              CASE WHEN (own.owner_id = $5::UUID) THEN own.currency ELSE CAST (NULL AS VARCHAR (3)) COLLATE "C" END AS total__currency,
              CASE WHEN (own.owner_id = $5::UUID) THEN own.base_total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total__base_total
              FROM orders AS own
              WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
            ) AS v2,
            unnest(ARRAY[0, 1], ARRAY[CAST(NULL AS TEXT), CAST (v2.total__currency AS TEXT) ], ARRAY[CAST(NULL AS NUMERIC), CAST (v2.total AS NUMERIC) ], ARRAY[CAST(NULL AS NUMERIC), CAST (v2.total__base_total AS NUMERIC) ], ARRAY[v2.status = ANY ($6::TEXT[]), v2.status = ANY ($7::TEXT[]) ]) AS anon_1(figure, part, amount, base, holds)
            WHERE v2.customer_id = $2::UUID AND anon_1.holds
            GROUP BY anon_1.figure,
            anon_1.part
          ) AS g4
          GROUP BY ()
        ) AS c5,
        (
          SELECT CAST (coalesce(sum(g8.rows) FILTER (WHERE g8.figure = 0), 0) AS BIGINT) AS "openTickets"
          FROM (
            SELECT anon_2.figure AS figure,
            anon_2.part AS part,
            count(*) AS rows,
            count(anon_2.amount) AS amounts,
            sum(anon_2.amount) AS amount,
            sum(anon_2.base) AS base
            FROM (
              SELECT own.customer_id AS customer_id,
              own.id AS id,
              own.status AS status
              FROM tickets AS own
              WHERE (EXISTS (
                SELECT 1
                FROM customers AS customers_1
                WHERE customers_1.id = own.customer_id AND customers_1.deleted_at IS NULL AND customers_1.region_id = ANY ($1::UUID[])
              )) AND own.deleted_at IS NULL
            ) AS v6,
            unnest(ARRAY[0], ARRAY[CAST(NULL AS TEXT) ], ARRAY[CAST(NULL AS NUMERIC) ], ARRAY[CAST(NULL AS NUMERIC) ], ARRAY[v6.status = ANY ($8::TEXT[]) ]) AS anon_2(figure, part, amount, base, holds)
            WHERE v6.customer_id = $2::UUID AND anon_2.holds
            GROUP BY anon_2.figure,
            anon_2.part
          ) AS g8
          GROUP BY ()
        ) AS c9
      ) AS r14
    ) AS overview,
    (
      SELECT row_to_json(r34.*) AS row_to_json_5
      FROM (
        SELECT 0 +(
          SELECT count(*) AS count_1
          FROM (
            SELECT own.customer_id AS customer_id,
            own.id AS id,
            own.occurred_at AS occurred_at
            FROM interactions AS own
            WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
          ) AS v31
          WHERE v31.customer_id = $2::UUID AND v31.occurred_at IS NOT NULL AND v31.occurred_at >= $9::TIMESTAMP WITH TIME ZONE
        ) +(
          SELECT count(*) AS count_2
          FROM (
            SELECT own.customer_id AS customer_id,
            own.id AS id,
            own.ordered_at AS ordered_at
            FROM orders AS own
            WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
          ) AS v32
          WHERE v32.customer_id = $2::UUID AND v32.ordered_at IS NOT NULL AND v32.ordered_at >= $9::TIMESTAMP WITH TIME ZONE
        ) +(
          SELECT count(*) AS count_3
          FROM (
            SELECT own.customer_id AS customer_id,
            own.id AS id,
            own.start_date AS start_date
            FROM contracts AS own
            WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
          ) AS v33
          WHERE v33.customer_id = $2::UUID AND v33.start_date IS NOT NULL AND timezone('UTC', CAST (v33.start_date AS TIMESTAMP WITHOUT TIME ZONE)) >= $9::TIMESTAMP WITH TIME ZONE
        ) AS "totalCount",
        coalesce(json_agg(json_build_object('cursor', p30.cursor, 'at', p30.at, 'node', p30.n0) ORDER BY p30.n ASC) FILTER (WHERE p30.n <= $10::INTEGER), '[]'::json) AS edges,
        json_build_object('hasNextPage', count(*) > $10::INTEGER, 'hasPreviousPage', false, 'endCursor', json_extract_path_text(to_json(array_agg(p30.cursor ORDER BY p30.n DESC) FILTER (WHERE p30.n <= $10::INTEGER)), '0')) AS "pageInfo"
        FROM (
          SELECT row_number() OVER () AS n,
          t29.cursor AS cursor,
          t29.at AS at,
          t29.n0 AS n0
          FROM (
            SELECT translate(encode(convert_to(CAST (json_build_array('1b43ca3a', q22.at, q22.type, q22.id) AS TEXT), 'UTF8'), 'base64'), E'+/\n', '-_') AS cursor,
            q22.at AS at,
            CASE WHEN (q22.type = 32) THEN (
              SELECT row_to_json(r24.*) AS row_to_json_6
              FROM (
                SELECT 'Interaction' AS __typename,
                v23.subject AS subject
                FROM (
                  SELECT own.customer_id AS customer_id,
                  own.id AS id,
                  own.subject AS subject
                  FROM interactions AS own
                  WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                ) AS v23
                WHERE v23.customer_id = $2::UUID AND v23.id = q22.id
              ) AS r24
            ) WHEN (q22.type = 22) THEN (
              SELECT row_to_json(r26.*) AS row_to_json_7
              FROM (
                SELECT 'Order' AS __typename,
                v25.number AS number,
                CASE WHEN (v25.total IS NOT NULL) THEN json_build_object('amount', CAST (v25.total AS TEXT)) END AS total
                FROM (
                  SELECT own.customer_id AS customer_id,
                  own.id AS id,
                  own.number AS number,
                  CASE WHEN (own.owner_id = $5::UUID) THEN own.total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total,
                  CASE WHEN (own.owner_id = $5::UUID) THEN own.currency ELSE CAST (NULL AS VARCHAR (3)) COLLATE "C" END AS total__currency,
                  CASE WHEN (own.owner_id = $5::UUID) THEN own.base_total ELSE CAST (NULL AS NUMERIC (19, 4)) END AS total__base_total
                  FROM orders AS own
                  WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                ) AS v25
                WHERE v25.customer_id = $2::UUID AND v25.id = q22.id
              ) AS r26
            ) WHEN (q22.type = 21) THEN (
              SELECT row_to_json(r28.*) AS row_to_json_8
              FROM (
                SELECT 'Contract' AS __typename
                FROM (
                  SELECT own.customer_id AS customer_id,
                  own.id AS id
                  FROM contracts AS own
                  WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                ) AS v27
                WHERE v27.customer_id = $2::UUID AND v27.id = q22.id
              ) AS r28
            ) END AS n0
            FROM (
              SELECT u21.at AS at,
              u21.type AS type,
              u21.id AS id
              FROM (
                SELECT s16.at AS at,
                s16.type AS type,
                s16.id AS id
                FROM (
                  SELECT v15.occurred_at AS at,
                  32 AS type,
                  v15.id AS id
                  FROM (
                    SELECT own.customer_id AS customer_id,
                    own.id AS id,
                    own.occurred_at AS occurred_at
                    FROM interactions AS own
                    WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                  ) AS v15
                  WHERE v15.customer_id = $2::UUID AND v15.occurred_at IS NOT NULL AND v15.occurred_at >= $9::TIMESTAMP WITH TIME ZONE
                  ORDER BY v15.occurred_at DESC,
                  v15.id DESC
                  LIMIT $10::INTEGER + 1
                ) AS s16 UNION ALL SELECT s18.at AS at,
                s18.type AS type,
                s18.id AS id
                FROM (
                  SELECT v17.ordered_at AS at,
                  22 AS type,
                  v17.id AS id
                  FROM (
                    SELECT own.customer_id AS customer_id,
                    own.id AS id,
                    own.ordered_at AS ordered_at
                    FROM orders AS own
                    WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                  ) AS v17
                  WHERE v17.customer_id = $2::UUID AND v17.ordered_at IS NOT NULL AND v17.ordered_at >= $9::TIMESTAMP WITH TIME ZONE
                  ORDER BY v17.ordered_at DESC,
                  v17.id DESC
                  LIMIT $10::INTEGER + 1
                ) AS s18 UNION ALL SELECT s20.at AS at,
                s20.type AS type,
                s20.id AS id
                FROM (
                  SELECT timezone('UTC', CAST (v19.start_date AS TIMESTAMP WITHOUT TIME ZONE)) AS at,
                  21 AS type,
                  v19.id AS id
                  FROM (
                    SELECT own.customer_id AS customer_id,
                    own.id AS id,
                    own.start_date AS start_date
                    FROM contracts AS own
                    WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL
                  ) AS v19
                  WHERE v19.customer_id = $2::UUID AND v19.start_date IS NOT NULL AND timezone('UTC', CAST (v19.start_date AS TIMESTAMP WITHOUT TIME ZONE)) >= $9::TIMESTAMP WITH TIME ZONE
                  ORDER BY v19.start_date DESC,
                  v19.id DESC
                  LIMIT $10::INTEGER + 1
                ) AS s20
              ) AS u21
              ORDER BY u21.at DESC,
              u21.type DESC,
              u21.id DESC
              LIMIT $10::INTEGER + 1
            ) AS q22
          ) AS t29
        ) AS p30
        GROUP BY ()
      ) AS r34
    ) AS timeline
    FROM (
      SELECT own.id AS id,
      own.display_name AS display_name
      FROM customers AS own
      WHERE (own.region_id = ANY ($1::UUID[])) AND own.deleted_at IS NULL AND own.erased_at IS NULL
    ) AS v1
    WHERE v1.id = $2::UUID
  ) AS r35
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
  WHERE access_versions.subject_id = ANY ($11::UUID[])
), 0) AS p2,
now() AS p3
