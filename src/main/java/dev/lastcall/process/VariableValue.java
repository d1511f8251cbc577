package dev.lastcall.process;

import org.eclipse.microprofile.config.spi.Converter;

/** The value of an environment variable: an empty one is a value too, which a configuration otherwise takes for none. */
record VariableValue(String text) {
    /** Takes every text as it is. */
    public static final class AsIs implements Converter<VariableValue> {
        private static final long serialVersionUID = 1;

        @Override
        public VariableValue convert(String value) {
            return new VariableValue(value);
        }
    }
}
