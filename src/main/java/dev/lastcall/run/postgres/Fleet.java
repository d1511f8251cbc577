package dev.lastcall.run.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * All pods, as PostgreSQL saw them at one instant.
 *
 * @param dead incarnations whose runs are anybody's
 * @param othersServe whether a pod besides this one claims
 * @param newest the highest version among those that claim; the lowest possible where none does
 */
record Fleet(List<Long> dead, boolean othersServe, long newest) {
    private static final String LOOK =
            "SELECT incarnation, dead, version, NOT draining AND lease_until > clock_timestamp() FROM pods";

    Fleet {
        dead = List.copyOf(dead);
    }

    static Fleet unknown() {
        return new Fleet(List.of(), false, Long.MIN_VALUE);
    }

    static Fleet look(Connection connection, long me) throws SQLException {
        List<Long> dead = new ArrayList<>();
        boolean others = false;
        long newest = Long.MIN_VALUE;
        try (var select = connection.prepareStatement(LOOK);
                ResultSet pods = select.executeQuery()) {
            while (pods.next()) {
                if (pods.getBoolean(2)) {
                    dead.add(pods.getLong(1));
                } else if (pods.getBoolean(4)) {
                    others |= pods.getLong(1) != me;
                    newest = Math.max(newest, pods.getLong(3));
                }
            }
        }
        return new Fleet(dead, others, newest);
    }
}
