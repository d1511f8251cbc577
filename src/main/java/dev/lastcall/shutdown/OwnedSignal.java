package dev.lastcall.shutdown;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A handler of one signal of the operating system. {@code sun.misc.Signal} is the only way to own SIGTERM (a JVM shutdown hook runs in parallel with
 * Quarkus' own); by reflection since javac warns of its use and lets nobody suppress that. The reflection that a native executable needs for it is
 * registered here, and the proxy in {@code META-INF/native-image}.
 */
@RegisterForReflection(
        classNames = {OwnedSignal.SIGNAL, OwnedSignal.HANDLER},
        fields = false)
public record OwnedSignal(String name, Object earlierHandler) {
    static final String SIGNAL = "sun.misc.Signal";
    static final String HANDLER = "sun.misc.SignalHandler";

    /**
     * Installs a handler, which gets the signal's number on a thread of its own.
     *
     * @return empty where the JVM leaves this signal alone ({@code -Xrs}), or the system has none of this name
     */
    public static Optional<OwnedSignal> handle(String name, IntConsumer handler) {
        try {
            Class<?> type = Class.forName(HANDLER);
            Object proxy =
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, signal) -> {
                        handler.accept(numberOf(signal[0]));
                        return null;
                    });
            return Optional.of(new OwnedSignal(name, install(name, proxy)));
        } catch (InvocationTargetException e) {
            return Optional.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JVM has no " + SIGNAL, e);
        }
    }

    private static Object install(String name, Object handler) throws ReflectiveOperationException {
        Class<?> type = Class.forName(SIGNAL);
        Method handle = type.getMethod("handle", type, Class.forName(HANDLER));
        return handle.invoke(null, type.getConstructor(String.class).newInstance(name), handler);
    }

    private static int numberOf(Object signal) throws ReflectiveOperationException {
        return (int) Class.forName(SIGNAL).getMethod("getNumber").invoke(signal);
    }

    /** Whether it was ignored before, as the parent wanted: the JVM leaves it so, and no handler of ours is called. */
    boolean isIgnored() {
        try {
            return earlierHandler == Class.forName(HANDLER).getField("SIG_IGN").get(null);
        } catch (ReflectiveOperationException e) {
            // A native executable does not know the field, and handles what was ignored.
            return false;
        }
    }

    /** Puts back the handler that was there before ours. */
    void giveBack() {
        try {
            install(name, earlierHandler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the handler of SIG" + name + " could not be put back", e);
        }
    }
}
