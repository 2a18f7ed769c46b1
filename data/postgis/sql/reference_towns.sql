-- Finds the territory of every town under the boundaries in force.
UPDATE pub.town t
SET territory_id = (SELECT sp.code FROM pub.shape_piece sp
                    WHERE sp.set_id = (SELECT id FROM pub.boundary_set WHERE current AND kind = 'territory')
                    ORDER BY sp.geom <-> t.geom LIMIT 1)
