-- Whether a part of the reference is loaded as this binary has it.
-- $1 part, $2 digest.
SELECT EXISTS (SELECT FROM pub.reference_load WHERE part = $1 AND sha256 = $2)
