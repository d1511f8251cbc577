import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.vectorstores.VectorStore;
import com.openai.models.vectorstores.VectorStoreCreateParams;
import com.openai.models.vectorstores.VectorStoreSearchParams;
import com.openai.models.vectorstores.files.FileRetrieveParams;
import com.openai.models.vectorstores.files.VectorStoreFile;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Embeddings and vector stores, as OpenAI's Java SDK and langchain4j use them. */
class Memory {
    private static final String MODEL = "all-minilm-l6-v2";
    private static final int DIMENSIONS = 384;

    static void facts(String baseUrl, String key) throws Exception {
        OpenAiEmbeddingModel model =
                OpenAiEmbeddingModel.builder().baseUrl(baseUrl).apiKey(key).modelName(MODEL).build();
        expect(model.embed("one text").content().dimension(), DIMENSIONS);
        List<Embedding> several = model.embedAll(List.of(TextSegment.from("a"), TextSegment.from("b"))).content();
        expect(several.size(), 2);
        OpenAIClient client = OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey(key).build();
        CreateEmbeddingResponse embedded = client.embeddings()
                .create(EmbeddingCreateParams.builder().model(MODEL).input("one text").build());
        expect(embedded.data().get(0).embedding().size(), DIMENSIONS);
        store(client);
    }

    private static void store(OpenAIClient client) throws Exception {
        Path text = Files.createTempFile("policy", ".txt");
        Files.writeString(text, "Refunds are paid within ten days.", StandardCharsets.UTF_8);
        FileObject file = client.files()
                .create(FileCreateParams.builder().file(text).purpose(FilePurpose.ASSISTANTS).build());
        VectorStore store = client.vectorStores()
                .create(VectorStoreCreateParams.builder().name("policies").addFileId(file.id()).build());
        Instant end = Instant.now().plus(Duration.ofSeconds(50));
        FileRetrieveParams attached =
                FileRetrieveParams.builder().vectorStoreId(store.id()).fileId(file.id()).build();
        while (!client.vectorStores().files().retrieve(attached).status().equals(VectorStoreFile.Status.COMPLETED)) {
            if (Instant.now().isAfter(end)) {
                throw new IllegalStateException("not embedded in time");
            }
            Thread.sleep(100);
        }
        var found = client.vectorStores()
                .search(VectorStoreSearchParams.builder().vectorStoreId(store.id()).query("money back").build());
        expect(found.items().get(0).fileId(), file.id());
        expect(client.vectorStores().delete(store.id()).deleted(), true);
        expect(client.files().delete(file.id()).deleted(), true);
        Files.delete(text);
    }

    private static void expect(Object found, Object expected) {
        if (!found.equals(expected)) {
            throw new AssertionError(found + " (expected: " + expected + ")");
        }
    }
}
