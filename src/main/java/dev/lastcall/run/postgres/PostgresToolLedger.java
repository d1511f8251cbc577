package dev.lastcall.run.postgres;

import dev.lastcall.run.toolcall.ToolCall;
import dev.lastcall.run.toolcall.ToolLedger;
import dev.lastcall.run.toolcall.ToolWrite;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/**
 * The ledger in PostgreSQL. Thread-safe. The race it closes is that of an intent against a claim: the intent's statement locks the run's row
 * as it reads it. Where the claim came first, the fence does not match; where the intent came first, whoever claims sees it. Without the
 * lock both could succeed unseen, and the effect would happen twice.
 */
public final class PostgresToolLedger implements ToolLedger {
    private static final String FENCE =
            "WITH f AS (SELECT id FROM runs WHERE id = ? AND owner = ? AND status = 1 AND epoch = ? FOR NO KEY UPDATE)\n";
    private static final String INTEND = FENCE + """
            INSERT INTO tool_calls (run_id, call_id, epoch, args_hash, status) SELECT id, ?, ?, ?, 0 FROM f
            ON CONFLICT DO NOTHING RETURNING call_id""";
    private static final String CHANGE = FENCE + """
            UPDATE tool_calls t SET epoch = ?, status = ?, result = ? FROM f
            WHERE t.run_id = f.id AND t.call_id = ? AND t.status = 0 RETURNING t.call_id""";
    private static final String OWNED = "SELECT id FROM runs WHERE id = ? AND owner = ? AND status = 1 AND epoch = ?";
    private static final String CALLS =
            "SELECT call_id, epoch, args_hash, status, result FROM tool_calls WHERE run_id = ? ORDER BY call_id";

    private final Session session;
    private final PostgresOwnership ownership;

    PostgresToolLedger(Session session, PostgresOwnership ownership) {
        this.session = session;
        this.ownership = ownership;
    }

    @Override
    public CompletionStage<ToolWrite> intend(UUID run, int epoch, String call, String argsHash) {
        return session.submit(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INTEND)) {
                fence(insert, run, epoch);
                insert.setString(4, call);
                insert.setInt(5, epoch);
                insert.setString(6, argsHash);
                return written(insert)
                        ? new ToolWrite.Written()
                        : standing(connection, run, epoch, call, ToolCall.State.INTENT);
            }
        });
    }

    @Override
    public CompletionStage<ToolWrite> retake(UUID run, int epoch, String call) {
        return change(run, epoch, call, ToolCall.State.INTENT, null);
    }

    @Override
    public CompletionStage<ToolWrite> done(UUID run, int epoch, String call, String result) {
        return change(run, epoch, call, ToolCall.State.DONE, result);
    }

    @Override
    public CompletionStage<ToolWrite> unknown(UUID run, int epoch, String call) {
        return change(run, epoch, call, ToolCall.State.UNKNOWN, null);
    }

    private CompletionStage<ToolWrite> change(
            UUID run, int epoch, String call, ToolCall.State state, @org.jspecify.annotations.Nullable String result) {
        return session.submit(connection -> {
            try (PreparedStatement update = connection.prepareStatement(CHANGE)) {
                fence(update, run, epoch);
                update.setInt(4, epoch);
                update.setInt(5, state.code());
                update.setString(6, result);
                update.setString(7, call);
                return written(update) ? new ToolWrite.Written() : standing(connection, run, epoch, call, state);
            }
        });
    }

    private void fence(PreparedStatement statement, UUID run, int epoch) throws SQLException {
        statement.setObject(1, run);
        statement.setLong(2, ownership.incarnation());
        statement.setInt(3, epoch);
    }

    private static boolean written(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }

    /** Nothing was written: for the fence, for another entry, or because an earlier sending of this very write was committed. */
    private ToolWrite standing(Connection connection, UUID run, int epoch, String call, ToolCall.State wanted)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(OWNED)) {
            fence(select, run, epoch);
            if (!written(select)) {
                return new ToolWrite.Fenced();
            }
        }
        for (ToolCall entry : calls(connection, run)) {
            if (entry.call().equals(call)) {
                boolean ours = entry.epoch() == epoch && entry.state() == wanted;
                return ours ? new ToolWrite.Written() : new ToolWrite.Refused(entry);
            }
        }
        throw new SQLException("tool call " + call + ": no entry (expected: its intent)");
    }

    @Override
    public CompletionStage<List<ToolCall>> calls(UUID run) {
        return session.submit(connection -> calls(connection, run));
    }

    private static List<ToolCall> calls(Connection connection, UUID run) throws SQLException {
        List<ToolCall> calls = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(CALLS)) {
            select.setObject(1, run);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    ToolCall.State state = ToolCall.State.of(row.getInt(4));
                    calls.add(new ToolCall(row.getString(1), row.getInt(2), row.getString(3), state, row.getString(5)));
                }
            }
        }
        return calls;
    }
}
