import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIIoException;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseRetrieveParams;
import com.openai.models.responses.ResponseStreamEvent;

/** A client that reads a stream, and goes on by the lines of the documents where it breaks. */
class Lines {
    private final OpenAIClient client;
    private final StringBuilder text = new StringBuilder();
    private String id;
    private long last = -1;
    private boolean done;

    Lines(OpenAIClient client) {
        this.client = client;
    }

    void take(ResponseStreamEvent event) {
        event.created().ifPresent(created -> id = created.response().id());
        event.outputTextDelta().ifPresent(delta -> {
            if (text.isEmpty()) {
                System.out.println("begun");
            }
            text.append(delta.delta());
        });
        last++;
        done |= event.completed().isPresent();
    }

    void read(String prompt) {
        ResponseCreateParams params = ResponseCreateParams.builder().model("scripted").input(prompt).build();
        try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
            events.stream().forEach(this::take);
        } catch (OpenAIIoException broken) {
            goOn();
            System.out.println(text);
            System.exit(0);
        }
        throw new AssertionError("was not broken off");
    }

    private void goOn() {
        // lines
    }

    public static void main(String[] arguments) {
        new Lines(OpenAIOkHttpClient.builder().baseUrl(arguments[0]).apiKey(arguments[1]).build()).read(arguments[2]);
    }
}
