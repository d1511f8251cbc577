package dev.lastcall.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DatabasesTest {

    private static Databases databases;

    @BeforeAll
    static void start() {
        databases = Databases.start();
    }

    @AfterAll
    static void stop() {
        databases.close();
    }

    @Test
    void killBreaksConnectionsAndRestartKeepsTheData() throws SQLException {
        try (Connection connection = databases.postgres().getConnection()) {
            execute(connection, "create table if not exists kept(id int)");
            databases.killPostgres();
            assertThatThrownBy(() -> execute(connection, "select 1")).isInstanceOf(SQLException.class);
        }
        assertThatThrownBy(() -> databases.postgres().getConnection().close()).isInstanceOf(SQLException.class);
        databases.restartPostgres();
        try (Connection connection = databases.postgres().getConnection()) {
            execute(connection, "select * from kept");
        }
    }

    @Test
    void stopAndRestartKeepThePort() throws SQLException {
        databases.stopPostgres();
        assertThatThrownBy(() -> databases.postgres().getConnection().close()).isInstanceOf(SQLException.class);
        databases.restartPostgres();
        databases.postgres().getConnection().close();
    }

    @Test
    void redisComesBackOnItsPort() throws IOException {
        databases.redis().kill();
        assertThatThrownBy(() -> new Socket("localhost", databases.redis().port()).close())
                .isInstanceOf(IOException.class);
        databases.redis().restart();
        try (Socket socket = new Socket("localhost", databases.redis().port())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void frozenRedisTakesConnectionsAndAnswersNothing() throws IOException {
        databases.redis().freeze();
        try (Socket socket = new Socket("localhost", databases.redis().port())) {
            socket.setSoTimeout(300);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
        databases.redis().kill();
        databases.redis().restart();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
