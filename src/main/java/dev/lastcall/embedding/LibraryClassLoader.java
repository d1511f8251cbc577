package dev.lastcall.embedding;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * Sees ONNX Runtime in jars that are not on the application's class path, and the one package of ours that is linked to it. Everything else
 * is the application's.
 */
final class LibraryClassLoader extends URLClassLoader {
    static final String LINKED = "dev.lastcall.embedding.onnx.";
    private static final String LIBRARY = "ai.onnxruntime.";

    LibraryClassLoader(URL[] jars, ClassLoader application) {
        super("lastcall-embedding", jars, application);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(LIBRARY) && !name.startsWith(LINKED)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            return name.startsWith(LIBRARY) ? findClass(name) : linked(name);
        }
    }

    private Class<?> linked(String name) throws ClassNotFoundException {
        try (InputStream bytes = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] code = bytes.readAllBytes();
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }
}
