package dev.lastcall.model;

import dev.lastcall.config.Form;
import dev.lastcall.config.Format;
import dev.lastcall.config.Range;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** An upstream model: any server of OpenAI's chat completions. */
@RegisterForReflection
interface OpenAiConfig {
    /**
     * The URL above {@code /chat/completions}, as in {@code https://api.openai.com/v1}. The name in the key is the model's, as clients say it; the
     * upstream {@code openai} answers every name that no other one has. Unset for {@code openai}: there is no such upstream.
     */
    @Format(Form.HTTP_URL)
    Optional<String> baseUrl();

    /** Sent as Bearer, never logged; unset: nothing is sent. */
    @Format(Form.SECRET)
    Optional<String> apiKey();

    /**
     * The upstream's own word for the model: of {@code openai} for requests that name none, as those of the native wire; of others for
     * their name, which is itself where this is unset.
     */
    Optional<String> model();

    /** Further names of models that this upstream answers; {@code openai} answers others too. */
    Optional<List<String>> models();

    /**
     * How an interrupted answer is continued. {@code new-item}: the model is asked to continue, which any server understands.
     * {@code prefix}: the text so far is sent as the beginning of the answer (vLLM's {@code continue_final_message}). {@code exact}: the
     * same request is sent again and what was said is left out, for servers that answer the same again; where they do not, the run fails.
     */
    @WithDefault("new-item")
    Strategy strategy();

    /** The name of the field for the most tokens; OpenAI's newer models want {@code max_completion_tokens}. */
    @WithDefault("max_tokens")
    @Format(Form.NAME)
    String tokenLimitField();

    /** The time limit for connecting, TLS included. */
    @WithDefault("5s")
    Duration connectTimeout();

    /** Silence of the upstream that counts as its death: longer than the model thinks before its first token. */
    @WithDefault("2m")
    Duration idleTimeout();

    /** How often a request is sent again before its first token, on 408, 409, 429, 5xx and broken connections. */
    @WithDefault("4")
    @Range(min = "0", max = "100")
    int retries();

    /** The longest wait before one of those; an upstream that asks for more ({@code retry-after}) has failed. */
    @WithDefault("30s")
    @Range(min = "0s")
    Duration maxRetryDelay();

    /**
     * How often in a row an answer that broke off is continued without progress, which is {@code 64} pieces of text; after that the run
     * fails. Each waits longer than the one before.
     */
    @WithDefault("3")
    int maxContinuations();

    /** Connections at once, one for each answer: at least {@code lastcall.run.max-owned}. */
    @WithDefault("1000")
    @Range(max = "1000000")
    int maxConnections();
}
