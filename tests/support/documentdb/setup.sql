-- Run in the database "postgres" at every start; safe to run again.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS documentdb CASCADE;

-- Search index definitions as the client sent them, for listSearchIndexes.
CREATE TABLE IF NOT EXISTS public.bridge_search_index
  (db text, coll text, name text, spec bytea NOT NULL, PRIMARY KEY (db, coll, name));

-- The engine indexes arrays of numbers only. Wrap its extraction function so that it also reads
-- BSON Binary vectors (subtype 9, float32); the original stays reachable under the new name.
CREATE OR REPLACE FUNCTION public.bridge_array_vector(documentdb_core.bson, text) RETURNS public.vector
  LANGUAGE c IMMUTABLE PARALLEL SAFE AS '$libdir/pg_documentdb', 'command_bson_extract_vector';

CREATE OR REPLACE FUNCTION documentdb_api_internal.bson_extract_vector(document documentdb_core.bson, path text)
  RETURNS public.vector LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  -- int32 size, type, '\0', then for a Binary: int32 length, subtype, dtype, padding, floats
  raw bytea := documentdb_api_catalog.bson_expression_get(
    document, ('{"":"$' || path || '"}')::documentdb_core.bson)::bytea;
BEGIN
  IF get_byte(raw, 4) <> 5 OR get_byte(raw, 10) <> 9 OR get_byte(raw, 11) <> 39 THEN
    RETURN public.bridge_array_vector(document, path);
  END IF;
  RETURN (
    SELECT array_agg((CASE WHEN bits >> 31 = 1 THEN -1 ELSE 1 END) * power(2::float8, greatest(exponent, 1) - 150)
             * ((bits & 8388607) + CASE WHEN exponent = 0 THEN 0 ELSE 8388608 END) ORDER BY at)::real[]::public.vector
    FROM generate_series(13, length(raw) - 5, 4) AS at,
         LATERAL (SELECT get_byte(raw, at)::bigint + get_byte(raw, at + 1) * 256::bigint
                         + get_byte(raw, at + 2) * 65536::bigint + get_byte(raw, at + 3) * 16777216::bigint) AS w(bits),
         LATERAL (SELECT (bits >> 23) & 255) AS e(exponent));
END $$;
