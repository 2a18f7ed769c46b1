-- Whether the boundaries of a kind now in force are these very ones.
-- $1 kind, $2 digest.
SELECT EXISTS (SELECT FROM pub.boundary_set WHERE current AND kind = $1 AND sha256 = $2)
