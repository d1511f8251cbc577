package dev.lastcall.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lastcall.run.TestRuns;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same promises of every storage. */
class VectorStorageTest {
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final long PLENTY = 1 << 24;

    static Stream<VectorStorage> storages() throws IOException {
        DataSource database = database();
        // The last one has room for none of its vectors, and reads them through.
        return Stream.of(
                new InMemoryStorage(PLENTY), new PostgresStorage(database, PLENTY), new PostgresStorage(database(), 0));
    }

    static DataSource database() throws IOException {
        DataSource database = TestRuns.emptyDatabase();
        TestRuns.execute(
                database,
                Files.readString(Path.of("src", "main", "resources", "db", "migration", "R__vector_stores.sql")));
        return database;
    }

    private static String file(VectorStorage storage, String tenant, String id) throws SQLException {
        storage.files().add(tenant, new StoredFile(id, id + ".txt", "assistants", 9, Instant.now()), "some text", 100);
        return id;
    }

    private static String store(VectorStorage storage, String tenant, String id) throws SQLException {
        Instant now = Instant.now();
        storage.stores()
                .add(tenant, new VectorStore(id, "name", new JsonObject(), "model", now, now, 0, FileCounts.NONE), 100);
        return id;
    }

    private static List<EmbeddedChunk> chunks(int from, int to) {
        List<EmbeddedChunk> chunks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            float[] vector = {(float) Math.cos(i), (float) Math.sin(i)};
            chunks.add(new EmbeddedChunk(i, "chunk " + i, vector));
        }
        return chunks;
    }

    private static void embed(VectorStorage storage, int count) throws SQLException {
        IngestClaim claim = storage.ingests().claim(LEASE).orElseThrow();
        assertThat(storage.ingests().append(claim, 0, chunks(0, count), count, LEASE))
                .isTrue();
    }

    /** PostgreSQL refuses a NUL in a text, which is no failure of the database. */
    @ParameterizedTest
    @MethodSource("storages")
    void idWithNulIsNobodys(VectorStorage storage) throws SQLException {
        store(storage, "a", "vs");

        assertThat(storage.stores().find("a", "vs\0")).isEmpty();
        assertThat(storage.files().find("a", "\0")).isEmpty();
        assertThat(storage.attachments().attach("a", "vs", "f\0", new JsonObject(), Chunking.AUTO))
                .isFalse();
        assertThat(storage.stores().delete("a", "vs\0")).isFalse();
        assertThat(storage.stores().find("a", "vs")).isPresent();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void whatIsAnotherTenantsIsNotThere(VectorStorage storage) throws SQLException {
        file(storage, "a", "f1");
        file(storage, "b", "f2");
        store(storage, "a", "s1");

        assertThat(storage.files().list("a")).extracting(StoredFile::id).containsExactly("f1");
        assertThat(storage.files().find("b", "f1")).isEmpty();
        assertThat(storage.files().text("b", "f1")).isEmpty();
        assertThat(storage.files().text("a", "f1")).contains("some text");
        assertThat(storage.files().delete("b", "f1")).isFalse();
        assertThat(storage.stores().list("b")).isEmpty();
        assertThat(storage.stores().find("b", "s1")).isEmpty();
        assertThat(storage.stores().change("b", "s1", Optional.of("mine"), Optional.empty()))
                .isFalse();
        assertThat(storage.attachments().attach("b", "s1", "f2", new JsonObject(), Chunking.AUTO))
                .isFalse();
        assertThat(storage.attachments().attach("a", "s1", "f2", new JsonObject(), Chunking.AUTO))
                .isFalse();
        assertThat(storage.ingests().claim(LEASE)).isEmpty();
        assertThat(storage.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO))
                .isTrue();
        embed(storage, 3);
        assertThat(storage.attachments().list("b", "s1")).isEmpty();
        assertThat(storage.attachments().changeAttributes("b", "s1", "f1", new JsonObject()))
                .isFalse();
        assertThat(storage.attachments().chunks("b", "s1", "f1")).isEmpty();
        assertThat(storage.stores().search("b", "s1", new float[] {1, 0}, AttributeFilter.ALL, 5))
                .isEmpty();
        assertThat(storage.attachments().detach("b", "s1", "f1")).isFalse();
        assertThat(storage.stores().delete("b", "s1")).isFalse();
        assertThat(storage.attachments().chunks("a", "s1", "f1")).containsExactly("chunk 0", "chunk 1", "chunk 2");
        assertThatThrownBy(() ->
                        storage.files().add("a", new StoredFile("f3", "n", "assistants", 1, Instant.now()), "t", 1))
                .isInstanceOf(VectorStoreRefusal.class)
                .hasMessageContaining("max-files");
    }

    @ParameterizedTest
    @MethodSource("storages")
    void chunksAreFoundByTheirCosineAndTheirFilesAttributes(VectorStorage storage) throws SQLException {
        store(storage, "a", "s1");
        for (String id : List.of("f1", "f2")) {
            file(storage, "a", id);
            storage.attachments().attach("a", "s1", id, new JsonObject().put("file", id), Chunking.AUTO);
        }
        IngestClaim open = storage.ingests().claim(LEASE).orElseThrow();
        storage.ingests().append(open, 0, chunks(0, 2), 3, LEASE);
        assertThat(search(storage, AttributeFilter.ALL)).isEmpty();
        storage.ingests().append(open, 2, chunks(2, 3), 3, LEASE);
        assertThat(search(storage, AttributeFilter.ALL)).containsExactly("f1 0", "f1 1");

        embed(storage, 2);
        assertThat(search(storage, AttributeFilter.ALL)).containsExactlyInAnyOrder("f1 0", "f2 0");
        AttributeFilter second = AttributeFilter.in("file", List.of("f2"));
        assertThat(search(storage, second)).containsExactly("f2 0", "f2 1");
        SearchHit hit = storage.stores()
                .search("a", "s1", new float[] {1, 0}, second, 1)
                .get(0);
        assertThat(hit.score()).isCloseTo(1, org.assertj.core.data.Offset.offset(1e-6));
        assertThat(hit.text()).isEqualTo("chunk 0");
        assertThat(hit.filename()).isEqualTo("f2.txt");
        storage.attachments().changeAttributes("a", "s1", "f1", new JsonObject().put("file", "f2"));
        assertThat(search(storage, second)).containsExactlyInAnyOrder("f1 0", "f2 0");
        VectorStore whole = storage.stores().find("a", "s1").orElseThrow();
        assertThat(whole.counts()).isEqualTo(new FileCounts(0, 2, 0));
        assertThat(whole.usage()).isPositive();

        assertThat(storage.attachments().detach("a", "s1", "f1")).isTrue();
        assertThat(search(storage, AttributeFilter.ALL)).containsExactly("f2 0", "f2 1");
        assertThat(storage.files().delete("a", "f2")).isTrue();
        assertThat(search(storage, AttributeFilter.ALL)).isEmpty();
        assertThat(storage.attachments().list("a", "s1")).isEmpty();
        assertThat(storage.stores().delete("a", "s1")).isTrue();
        assertThat(storage.stores().find("a", "s1")).isEmpty();
    }

    private static List<String> search(VectorStorage storage, AttributeFilter filter) throws SQLException {
        return storage.stores().search("a", "s1", new float[] {1, 0}, filter, 2).stream()
                .map(hit -> hit.file() + " " + hit.index())
                .toList();
    }

    /** A commit that is sent twice is one, a claim that another follows is fenced, and a file that comes back is another one. */
    @ParameterizedTest
    @MethodSource("storages")
    void commitsAreExactlyOnce(VectorStorage storage) throws SQLException {
        store(storage, "a", "s1");
        file(storage, "a", "f1");
        storage.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO);
        storage.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO);
        assertThat(storage.attachments().list("a", "s1")).hasSize(1);
        IngestClaim first = storage.ingests().claim(LEASE).orElseThrow();
        assertThat(first.text()).isEqualTo("some text");
        assertThat(first.model()).isEqualTo("model");
        assertThat(storage.ingests().claim(LEASE)).isEmpty();

        assertThat(storage.ingests().append(first, 0, chunks(0, 2), 5, LEASE)).isTrue();
        assertThat(storage.ingests().append(first, 0, chunks(0, 2), 5, LEASE)).isTrue();
        storage.ingests().giveBack(first);
        IngestClaim second = storage.ingests().claim(LEASE).orElseThrow();
        assertThat(second.done()).isEqualTo(2);
        assertThat(second.losses()).isZero();
        assertThat(storage.ingests().append(first, 2, chunks(2, 4), 5, LEASE)).isFalse();
        assertThat(storage.ingests().renew(first, LEASE)).isFalse();
        assertThat(storage.ingests().renew(second, LEASE)).isTrue();
        assertThat(storage.ingests().append(second, 2, chunks(2, 5), 5, LEASE)).isTrue();
        assertThat(storage.ingests().append(second, 2, chunks(2, 5), 5, LEASE)).isTrue();
        assertThat(storage.attachments().chunks("a", "s1", "f1"))
                .containsExactly("chunk 0", "chunk 1", "chunk 2", "chunk 3", "chunk 4");

        storage.attachments().detach("a", "s1", "f1");
        storage.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO);
        IngestClaim third = storage.ingests().claim(LEASE).orElseThrow();
        assertThat(storage.ingests().append(second, 0, chunks(0, 1), 5, LEASE)).isFalse();
        storage.ingests().fail(third, "invalid_file: no");
        assertThat(storage.attachments().list("a", "s1").get(0).status()).isEqualTo(AttachedFile.Status.FAILED);
        assertThat(storage.attachments().list("a", "s1").get(0).error()).isEqualTo("invalid_file: no");
        assertThat(storage.ingests().claim(LEASE)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("storages")
    void silentPodsFileIsAnothers(VectorStorage storage) throws SQLException {
        store(storage, "a", "s1");
        file(storage, "a", "f1");
        storage.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO);
        IngestClaim lost = storage.ingests().claim(Duration.ZERO).orElseThrow();
        if (storage.durable()) {
            IngestClaim next = storage.ingests().claim(LEASE).orElseThrow();
            assertThat(next.losses()).isOne();
            assertThat(next.epoch()).isEqualTo(lost.epoch() + 1);
            assertThat(storage.ingests().append(lost, 0, chunks(0, 1), 1, LEASE))
                    .isFalse();
        }
    }
}
