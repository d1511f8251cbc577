package dev.lastcall.management;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RequestBody;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The levels of log categories, to be changed while the process runs and until it ends. Only behind a token: at DEBUG a log may tell more than
 * everybody may know, and OFF hides what somebody does. Thread-safe.
 */
@Singleton
final class LogLevels {
    private static final org.jboss.logging.Logger LOG = org.jboss.logging.Logger.getLogger(LogLevels.class);
    private static final List<String> LEVELS = List.of("OFF", "FATAL", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");
    private static final Pattern CATEGORY = Pattern.compile("(?=.{1,200}$)[A-Za-z_$][\\w$-]*(\\.[\\w$-]+)*");
    private static final String ROOT = "root";
    /** Each changed category stays in memory. */
    private static final int MOST_CHANGED = 64;

    private final boolean protectedByToken;
    private final LogContext context;
    /** The changed categories, each with the level that was configured; the loggers are held, or a level would be forgotten with one. */
    private final Map<String, Changed> changed = new LinkedHashMap<>();

    private record Changed(Logger logger, @Nullable Level configured) {}

    @Inject
    LogLevels(Protection protection) {
        this(protection.token().isPresent(), LogContext.getLogContext());
    }

    LogLevels(boolean protectedByToken, LogContext context) {
        this.protectedByToken = protectedByToken;
        this.context = context;
    }

    /** 200: the root's level, and the categories that were changed. */
    void show(RoutingContext exchange) {
        Answers.json(exchange, 200, all());
    }

    /** 200 with all of them; 400 for what cannot be read, 403 without a token, 409 where too many were changed. */
    void change(RoutingContext exchange) {
        if (!protectedByToken) {
            problem(
                    exchange,
                    ManagementProblem.Kind.TOKEN_NEEDED,
                    "log levels can be changed only where this port has a token",
                    "set lastcall.management.token, or the level in the configuration (quarkus.log.level)");
            return;
        }
        JsonObject asked = body(exchange);
        String category = asked == null ? null : text(asked, "category").orElse(ROOT);
        String level = asked == null
                ? null
                : text(asked, "level").map(LogLevels::upper).orElse(null);
        boolean resets = asked != null && asked.containsKey("level") && asked.getValue("level") == null;
        if (category == null
                || (!category.isEmpty() && !CATEGORY.matcher(category).matches())
                || category.isEmpty()
                || (!resets && (level == null || !LEVELS.contains(level)))) {
            problem(
                    exchange,
                    ManagementProblem.Kind.BAD_REQUEST,
                    "body: none of ours (expected: {\"category\": \"dev.lastcall\", \"level\": one of " + LEVELS
                            + ", or null for what was configured}; without a category: of all)",
                    "correct the body");
        } else if (set(category, resets ? null : level)) {
            LOG.warnf(
                    "log level changed category=%s level=%s asked-by=%s",
                    category,
                    resets ? "configured" : level,
                    Asker.of(exchange.request(), null).askedBy());
            Answers.json(exchange, 200, all());
        } else {
            problem(
                    exchange,
                    ManagementProblem.Kind.TOO_MANY,
                    "changed: " + MOST_CHANGED + " categories (expected: at most so many)",
                    "give some their configured level again: {\"category\": …, \"level\": null}");
        }
    }

    private static String upper(String level) {
        return level.toUpperCase(Locale.ROOT);
    }

    private synchronized boolean set(String category, @Nullable String level) {
        if (level == null) {
            Changed before = changed.remove(category);
            if (before != null) {
                before.logger().setLevel(before.configured());
            }
            return true;
        }
        if (!changed.containsKey(category) && changed.size() == MOST_CHANGED) {
            return false;
        }
        Changed known = changed.computeIfAbsent(category, name -> {
            Logger logger = context.getLogger(name.equals(ROOT) ? "" : name);
            return new Changed(logger, logger.getLevel());
        });
        known.logger().setLevel(context.getLevelForName(level));
        return true;
    }

    private synchronized JsonObject all() {
        JsonArray categories = new JsonArray();
        changed.forEach((name, each) -> categories.add(new JsonObject()
                .put("category", name)
                .put("level", String.valueOf(each.logger().getLevel()))
                .put(
                        "configured",
                        each.configured() == null ? null : each.configured().getName())));
        return new JsonObject()
                .put("root", String.valueOf(context.getLogger("").getLevel()))
                .put("changed", categories);
    }

    private static @Nullable JsonObject body(RoutingContext exchange) {
        RequestBody body = exchange.body();
        Buffer bytes = body == null ? null : body.buffer();
        try {
            if (bytes == null) {
                return null;
            }
            JsonObject json = new JsonObject(bytes);
            boolean known = List.of("category", "level").containsAll(json.fieldNames());
            boolean texts =
                    json.stream().allMatch(member -> member.getValue() == null || member.getValue() instanceof String);
            return known && texts ? json : null;
        } catch (DecodeException | ClassCastException e) {
            return null;
        }
    }

    private static Optional<String> text(JsonObject json, String member) {
        return Optional.ofNullable(json.getString(member));
    }

    private static void problem(RoutingContext exchange, ManagementProblem.Kind kind, String detail, String next) {
        Answers.problem(exchange, new ManagementProblem(kind, detail, next));
    }
}
