package dev.lastcall.model;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of the scripted model, generated token by token because a script may be longer than the memory. */
final class Script {
    private static final Pattern COUNT = Pattern.compile("\\s*count to ([0-9]+)\\s*");
    /** The longest number that surely fits a long; no answer lives to see the difference. */
    private static final int DIGITS = 18;

    private Script() {}

    /**
     * Generates {@code "1 "} … {@code "N "} for {@code count to N}; else the input's words, each with the white space after it.
     *
     * @param skipped tokens at the beginning that are not said
     */
    static Iterator<String> of(String input, long skipped) {
        Matcher count = COUNT.matcher(input);
        if (count.matches()) {
            return new Count(skipped, limit(count.group(1)));
        }
        return echo(input, skipped);
    }

    /** Splits a text into words, each with the white space after it. */
    static Iterator<String> echo(String text, long skipped) {
        Iterator<String> words = new Words(text);
        for (long i = 0; i < skipped && words.hasNext(); i++) {
            words.next();
        }
        return words;
    }

    /** Returns the number of tokens of the input. */
    static long words(String input) {
        long count = 0;
        for (Iterator<String> words = new Words(input); words.hasNext(); words.next()) {
            count++;
        }
        return count;
    }

    private static long limit(String number) {
        String digits = number.replaceFirst("^0+(?=.)", "");
        return digits.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    private static final class Count implements Iterator<String> {
        private final long last;
        private long said;

        Count(long said, long last) {
            this.said = said;
            this.last = last;
        }

        @Override
        public boolean hasNext() {
            return said < last;
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return ++said + " ";
        }
    }

    private static final class Words implements Iterator<String> {
        private final String input;
        private int said;

        Words(String input) {
            this.input = input;
        }

        @Override
        public boolean hasNext() {
            return said < input.length();
        }

        @Override
        public String next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            int end = said == 0 ? skip(0, true) : said;
            end = skip(skip(end, false), true);
            String word = input.substring(said, end);
            said = end;
            return word;
        }

        private int skip(int from, boolean space) {
            int at = from;
            while (at < input.length() && Character.isWhitespace(input.charAt(at)) == space) {
                at++;
            }
            return at;
        }
    }
}
