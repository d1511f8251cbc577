package dev.lastcall.process;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program to supervise: {@code Child exit <code>}, or {@code Child lines <count>}. */
public final class Child {
    static final int LONG_LINE = 1 << 20;

    private Child() {}

    /** The command that runs it, without blanks in its words. */
    static String command(String arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return java + " -Xmx64m -cp " + Path.of("target", "test-classes").toAbsolutePath() + " " + Child.class.getName()
                + " " + arguments;
    }

    public static void main(String... args) throws IOException, InterruptedException {
        int number = Integer.parseInt(args[1]);
        if (args[0].equals("exit")) {
            System.out.println("about to exit");
            System.exit(number);
        }
        speak(number);
    }

    /** Lines, one that never seems to end, bytes that are no text, and last words without a line's end. */
    private static void speak(int lines) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
        for (int i = 1; i <= lines; i++) {
            out.println("line " + i + " end");
        }
        out.println("x".repeat(LONG_LINE));
        out.write(new byte[] {'n', 'o', ' ', (byte) 0xff, (byte) 0xc3, '\n'});
        out.println("all said");
        out.print("no end");
        out.flush();
        Thread.sleep(Long.MAX_VALUE);
    }
}
