package com.example.shop;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** A main of the application's own, with an exit handler that calls everything a success. */
@QuarkusMain
public class Main implements QuarkusApplication {
    public static void main(String... args) {
        Quarkus.run(
                Main.class,
                (code, failure) -> {
                    System.out.println("own exit handler: code=" + code);
                    System.exit(0);
                },
                args);
    }

    @Override
    public int run(String... args) {
        Quarkus.waitForExit();
        return 0;
    }
}
