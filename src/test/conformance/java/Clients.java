import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.service.AiServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;

/**
 * A program that calls the service by langchain4j and Spring AI. {@code memory}: embeddings and vector stores. {@code facts}: calls, streams, tools,
 * structured output, errors; throws where one is wrong. {@code streams WORDS}: streams and whole answers of each, until they end or fail; a line for
 * each on stdout.
 */
class Clients {
    record City(String city, int degrees) {}

    interface Client {
        String whole(String prompt);

        /** Returns when the stream has ended, throws where it failed. */
        void stream(String prompt, Consumer<String> text) throws Exception;

        String withTools(String prompt);

        City structured(String prompt);

        /** The same for another key or model. */
        Client with(String key, String model);

        Class<? extends Exception> failure(int status);
    }

    public static class Adder {
        @Tool("adds")
        @org.springframework.ai.tool.annotation.Tool(name = "add", description = "adds")
        public long add(
                @P("a") @org.springframework.ai.tool.annotation.ToolParam long a,
                @P("b") @org.springframework.ai.tool.annotation.ToolParam long b) {
            return a + b;
        }
    }

    interface Assistant {
        String chat(String prompt);
    }

    interface Extractor {
        City extract(String prompt);
    }

    record LangChain4j(String baseUrl, String key, String model, boolean responses) implements Client {
        ChatModel chat() {
            return responses
                    ? OpenAiResponsesChatModel.builder()
                            .baseUrl(baseUrl)
                            .apiKey(key)
                            .modelName(model)
                            .strictJsonSchema(true)
                            .build()
                    : dev.langchain4j.model.openai.OpenAiChatModel.builder()
                            .baseUrl(baseUrl)
                            .apiKey(key)
                            .modelName(model)
                            .strictJsonSchema(true)
                            .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                            .build();
        }

        StreamingChatModel streaming() {
            return responses
                    ? OpenAiResponsesStreamingChatModel.builder().baseUrl(baseUrl).apiKey(key).modelName(model).build()
                    : OpenAiStreamingChatModel.builder().baseUrl(baseUrl).apiKey(key).modelName(model).build();
        }

        @Override
        public String whole(String prompt) {
            return chat().chat(prompt);
        }

        @Override
        public void stream(String prompt, Consumer<String> text) throws Exception {
            CompletableFuture<Void> end = new CompletableFuture<>();
            streaming().chat(prompt, new StreamingChatResponseHandler() {
                @Override
                public void onPartialResponse(String piece) {
                    text.accept(piece);
                }

                @Override
                public void onCompleteResponse(ChatResponse whole) {
                    end.complete(null);
                }

                @Override
                public void onError(Throwable failure) {
                    end.completeExceptionally(failure);
                }
            });
            end.get();
        }

        @Override
        public String withTools(String prompt) {
            return AiServices.builder(Assistant.class).chatModel(chat()).tools(new Adder()).build().chat(prompt);
        }

        @Override
        public City structured(String prompt) {
            return AiServices.create(Extractor.class, chat()).extract(prompt);
        }

        @Override
        public Client with(String key, String model) {
            return new LangChain4j(baseUrl, key, model, responses);
        }

        @Override
        public Class<? extends Exception> failure(int status) {
            return switch (status) {
                case 401 -> AuthenticationException.class;
                case 404 -> ModelNotFoundException.class;
                default -> InvalidRequestException.class;
            };
        }
    }

    record SpringAi(String baseUrl, String key, String model) implements Client {
        ChatClient.ChatClientRequestSpec prompt(String prompt) {
            OpenAiChatOptions options =
                    OpenAiChatOptions.builder().baseUrl(baseUrl).apiKey(key).model(model).build();
            return ChatClient.create(OpenAiChatModel.builder().options(options).build()).prompt(prompt);
        }

        @Override
        public String whole(String prompt) {
            return prompt(prompt).call().content();
        }

        @Override
        public void stream(String prompt, Consumer<String> text) {
            prompt(prompt).stream().content().doOnNext(text).blockLast(Duration.ofMinutes(1));
        }

        @Override
        public String withTools(String prompt) {
            return prompt(prompt).tools(new Adder()).call().content();
        }

        @Override
        public City structured(String prompt) {
            return prompt(prompt)
                    .advisors(org.springframework.ai.chat.client.AdvisorParams.ENABLE_NATIVE_STRUCTURED_OUTPUT)
                    .call()
                    .entity(City.class);
        }

        @Override
        public Client with(String key, String model) {
            return new SpringAi(baseUrl, key, model);
        }

        @Override
        public Class<? extends Exception> failure(int status) {
            return switch (status) {
                case 401 -> com.openai.errors.UnauthorizedException.class;
                case 404 -> com.openai.errors.NotFoundException.class;
                default -> com.openai.errors.BadRequestException.class;
            };
        }
    }

    public static void main(String[] arguments) throws Exception {
        String baseUrl = arguments[0];
        String key = arguments[1];
        List<Client> clients = List.of(
                new LangChain4j(baseUrl, key, "scripted", false),
                new LangChain4j(baseUrl, key, "scripted", true),
                new SpringAi(baseUrl, key, "scripted"));
        if (arguments[2].equals("memory")) {
            Memory.facts(baseUrl, key);
        } else if (arguments[2].equals("facts")) {
            for (Client client : clients) {
                System.err.println(client);
                facts(client);
            }
        } else {
            outlive(clients, arguments[3]);
        }
        // Their pools would keep the process.
        System.exit(0);
    }

    private static void facts(Client client) throws Exception {
        expect(client.whole("count to 3"), upTo(3));
        List<String> pieces = new ArrayList<>();
        client.stream("count to 5", pieces::add);
        expect(String.join("", pieces), upTo(5));
        expect(client.withTools("call add {\"a\":2,\"b\":3}\ncall add {\"a\":4,\"b\":5}"), "9");
        expect(client.withTools("call weather {\"city\":\"Oslo\"}"), "rain in Oslo");
        expect(client.structured("{\"city\":\"Oslo\",\"degrees\":7}"), new City("Oslo", 7));
        refused(client.with("sk-wrong", "scripted"), 401);
        refused(client.with(((client instanceof LangChain4j one) ? one.key() : ((SpringAi) client).key()), "gpt-none"), 404);
    }

    private static void refused(Client client, int status) {
        List<Callable<Object>> ways = List.of(() -> client.whole("x"), () -> {
            client.stream("x", piece -> {});
            return "";
        });
        for (Callable<Object> way : ways) {
            try {
                throw new AssertionError(way.call() + " (expected: " + status + ")");
            } catch (Exception failure) {
                Throwable cause = failure;
                while (cause != null && !client.failure(status).isInstance(cause)) {
                    cause = cause.getCause();
                }
                if (cause == null) {
                    throw new AssertionError(client + " (expected: " + client.failure(status) + ")", failure);
                }
            }
        }
    }

    private static void outlive(List<Client> clients, String prompt) throws Exception {
        CountDownLatch begun = new CountDownLatch(clients.size());
        List<Thread> threads = new ArrayList<>();
        for (Client client : clients) {
            String name = client.getClass().getSimpleName() + (client.toString().contains("responses=true") ? "Responses" : "");
            threads.add(new Thread(() -> {
                StringBuilder text = new StringBuilder();
                String end = "whole";
                try {
                    client.stream(prompt, piece -> {
                        text.append(piece);
                        begun.countDown();
                    });
                } catch (Exception broken) {
                    end = "broken";
                }
                System.out.println(name + "\tstream\t" + end + "\t" + text);
            }));
            threads.add(new Thread(() -> {
                String text;
                try {
                    text = client.whole(prompt);
                } catch (RuntimeException refused) {
                    // langchain4j's model of the Responses API sends nothing again by itself; the same request joins the run.
                    text = refused.getMessage().contains("Send the request again") ? client.whole(prompt) : refused.toString();
                }
                System.out.println(name + "\twhole\t-\t" + text);
            }));
        }
        threads.forEach(Thread::start);
        begun.await();
        System.out.println("begun");
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void expect(Object is, Object expected) {
        if (!Objects.equals(is, expected)) {
            throw new AssertionError(is + " (expected: " + expected + ")");
        }
    }

    private static String upTo(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(each -> each + " ").collect(Collectors.joining());
    }
}
