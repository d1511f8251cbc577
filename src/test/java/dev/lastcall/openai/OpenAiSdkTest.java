package dev.lastcall.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStatus;
import com.openai.models.responses.ResponseStreamEvent;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official SDK, unmodified, with its strict validation of everything that it reads. */
@QuarkusTest
@TestProfile(Keys.class)
class OpenAiSdkTest {
    private static final int RESUMED_AFTER = 7;

    @TestHTTPResource("/v1")
    URI url = URI.create("");

    private OpenAIClient client = OpenAIOkHttpClient.builder().apiKey("none").build();

    @BeforeEach
    void connect() {
        client.close();
        client = client(Keys.ALICE);
    }

    private OpenAIClient client(String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(url.toString())
                .apiKey(key)
                .responseValidation(true)
                .build();
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void createsAResponse() {
        Response response = client.responses().create(counting(3));

        response.validate();
        assertThat(text(response)).isEqualTo("1 2 3 ");
        assertThat(response.usage().orElseThrow().outputTokens()).isEqualTo(3);
        assertThat(client.responses().retrieve(response.id()).status()).contains(ResponseStatus.COMPLETED);
    }

    @Test
    void streamsAResponse() {
        ResponseAccumulator accumulator = ResponseAccumulator.create();

        try (StreamResponse<ResponseStreamEvent> stream = client.responses().createStreaming(counting(5))) {
            stream.stream().peek(event -> event.validate()).forEach(accumulator::accumulate);
        }

        assertThat(text(accumulator.response())).isEqualTo("1 2 3 4 5 ");
    }

    @Test
    void backgroundRunIsFollowedMidWay() {
        Response queued = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("scripted")
                        .input("count to 300")
                        .background(true)
                        .build());
        List<ResponseStreamEvent> first = new ArrayList<>(follow(queued.id(), -1, RESUMED_AFTER + 1));
        List<ResponseStreamEvent> rest = follow(queued.id(), RESUMED_AFTER, Integer.MAX_VALUE);

        first.addAll(rest);
        assertThat(first.stream()
                        .flatMap(event -> event.outputTextDelta().stream())
                        .map(delta -> delta.delta())
                        .collect(Collectors.joining()))
                .isEqualTo(text(client.responses().retrieve(queued.id())))
                .startsWith("1 2 3 ")
                .endsWith(" 299 300 ");
        assertThat(first.get(first.size() - 1).isCompleted()).isTrue();
    }

    private List<ResponseStreamEvent> follow(String id, int after, int events) {
        ResponseRetrieveParams.Builder params = ResponseRetrieveParams.builder().responseId(id);
        if (after >= 0) {
            params.startingAfter(after);
        }
        try (StreamResponse<ResponseStreamEvent> stream = client.responses().retrieveStreaming(params.build())) {
            return stream.stream().limit(events).toList();
        }
    }

    @Test
    void cancelsAndDeletes() {
        Response held = client.responses()
                .create(ResponseCreateParams.builder()
                        .model("scripted")
                        .input("hold sdk")
                        .background(true)
                        .build());

        assertThat(client.responses().cancel(held.id()).status()).contains(ResponseStatus.CANCELLED);
        client.responses().delete(held.id());

        assertThatThrownBy(() -> client.responses().retrieve(held.id())).isInstanceOf(NotFoundException.class);
    }

    @Test
    void listsInputItems() {
        Response first = client.responses().create(counting(1));
        Response second = client.responses()
                .create(counting(2).toBuilder().previousResponseId(first.id()).build());

        assertThat(client.responses().inputItems().list(second.id()).items()).hasSize(3);
    }

    @Test
    void completesAChat() {
        ChatCompletion completion = client.chat().completions().create(chat(3));

        completion.validate();
        assertThat(completion.choices().get(0).message().content()).contains("1 2 3 ");
        assertThat(completion.usage().orElseThrow().completionTokens()).isEqualTo(3);
    }

    @Test
    void streamsAChat() {
        List<ChatCompletionChunk> chunks;
        ChatCompletionCreateParams params = chat(4).toBuilder()
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(params)) {
            chunks = stream.stream().peek(chunk -> chunk.validate()).toList();
        }

        assertThat(chunks.stream()
                        .flatMap(chunk -> chunk.choices().stream())
                        .flatMap(choice -> choice.delta().content().stream())
                        .collect(Collectors.joining()))
                .isEqualTo("1 2 3 4 ");
        assertThat(chunks.get(chunks.size() - 1).usage().orElseThrow().completionTokens())
                .isEqualTo(4);
    }

    @Test
    void listsModels() {
        assertThat(client.models().list().items())
                .extracting(model -> model.id())
                .contains("scripted");
    }

    @Test
    void errorsAreItsOwn() {
        OpenAIClient stranger = client("sk-stranger");

        assertThatThrownBy(() -> stranger.responses().create(counting(1))).isInstanceOf(UnauthorizedException.class);
        stranger.close();
    }

    private static ResponseCreateParams counting(int to) {
        return ResponseCreateParams.builder()
                .model("scripted")
                .input("count to " + to)
                .build();
    }

    private static ChatCompletionCreateParams chat(int to) {
        return ChatCompletionCreateParams.builder()
                .model("scripted")
                .addUserMessage("count to " + to)
                .build();
    }

    private static String text(Response response) {
        return response.output().stream()
                .flatMap(item -> item.message().stream())
                .flatMap(message -> message.content().stream())
                .flatMap(content -> content.outputText().stream())
                .map(output -> output.text())
                .collect(Collectors.joining());
    }
}
