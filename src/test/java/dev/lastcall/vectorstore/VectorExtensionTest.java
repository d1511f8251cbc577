package dev.lastcall.vectorstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.lastcall.embedding.UnitVectors;
import dev.lastcall.run.TestRuns;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class VectorExtensionTest {
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final int DIMENSIONS = 32;
    private static final int CHUNKS = 12_000;
    private static final int QUERIES = 20;

    @Test
    void versionsWhoseScansGoOnAreUsed() {
        assertThat(List.of("0.8.0", "0.8", "1.0", "0.10.1")).allMatch(VectorExtension::isNewEnough);
        assertThat(List.of("0.7.4", "0.4.4")).noneMatch(VectorExtension::isNewEnough);
    }

    @Test
    void vectorIsWrittenAsPgvectorReadsIt() {
        assertThat(VectorExtension.literal(new float[] {1, -0.5f, 1e-7f})).isEqualTo("[1.0,-0.5,1.0E-7]");
    }

    /** On an empty database of a server that has pgvector, as Debian's postgresql-15-pgvector: the embedded one has it not. */
    @Test
    void indexFindsWhatExactSearchFinds() throws Exception {
        String url = System.getProperty("lastcall.pgvector.url", "");
        assumeTrue(!url.isEmpty(), "no -Dlastcall.pgvector.url=jdbc:postgresql://… of a PostgreSQL with pgvector");
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setURL(url);
        TestRuns.execute(
                database,
                Files.readString(Path.of("src", "main", "resources", "db", "migration", "R__vector_stores.sql")));
        PostgresStorage exact = new PostgresStorage(database, Long.MAX_VALUE);
        Instant now = Instant.now();
        exact.files().add("a", new StoredFile("f1", "f1", "assistants", 1, now), "text", 10);
        exact.stores().add("a", new VectorStore("s1", "s", new JsonObject(), "m", now, now, 0, FileCounts.NONE), 10);
        exact.attachments().attach("a", "s1", "f1", new JsonObject(), Chunking.AUTO);
        Random random = new Random(1);
        IngestClaim claim = exact.ingests().claim(LEASE).orElseThrow();
        // The first ones have no vector of pgvector's until it is found.
        exact.ingests().append(claim, 0, chunks(0, 1000, random), CHUNKS, LEASE);
        exact.ingests().giveBack(claim);

        PostgresStorage near = new PostgresStorage(database, Long.MAX_VALUE);
        near.open();
        assertThat(near.kind()).isEqualTo("pgvector");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> TestRuns.one(database, "SELECT count(*) FROM vector_chunks WHERE near IS NULL")
                        .equals("0"));
        IngestClaim rest = near.ingests().claim(LEASE).orElseThrow();
        for (int from = 1000; from < CHUNKS; from += 1000) {
            assertThat(near.ingests().append(rest, from, chunks(from, from + 1000, random), CHUNKS, LEASE))
                    .isTrue();
        }
        int same = 0;
        for (int i = 0; i < QUERIES; i++) {
            float[] query = vector(random);
            Set<Integer> found = found(near, query);
            found.retainAll(found(exact, query));
            same += found.size();
        }
        assertThat(same).isGreaterThanOrEqualTo(QUERIES * 10 * 95 / 100);
    }

    private static Set<Integer> found(PostgresStorage storage, float[] query) throws Exception {
        return storage.stores().search("a", "s1", query, AttributeFilter.ALL, 10).stream()
                .map(SearchHit::index)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<EmbeddedChunk> chunks(int from, int to, Random random) {
        List<EmbeddedChunk> chunks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            chunks.add(new EmbeddedChunk(i, "chunk " + i, vector(random)));
        }
        return chunks;
    }

    private static float[] vector(Random random) {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        UnitVectors.normalise(vector);
        return vector;
    }
}
