package dev.lastcall.lint;

/** Manifests in which no check finds anything, to be spoilt one place at a time. */
enum Sample {
    /** Lastcall as the service. */
    SERVICE("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 30
                  enableServiceLinks: false
                  containers:
                    - name: lastcall
                      image: registry.example/team/lastcall:1.2
                      env:
                        - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: 30s}
                      ports:
                        - {name: http, containerPort: 8080}
                        - {name: management, containerPort: 9000}
                      lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: 9000, httpHeaders: [{name: X-Lastcall-Pre-Stop, value: "1"}]}}}
                      readinessProbe: {httpGet: {path: /q/health/ready, port: 9000}}
                      livenessProbe: {httpGet: {path: /q/health/live, port: 9000}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: http}]
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 1
              unhealthyPodEvictionPolicy: AlwaysAllow
              selector: {matchLabels: {app: web}}
            """),

    /** An application behind Lastcall, two containers like any. */
    CLASSIC("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 45
                  enableServiceLinks: false
                  containers:
                    - name: app
                      image: app:1
                      lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: 9000, httpHeaders: [{name: X-Lastcall-Pre-Stop, value: "1"}]}}}
                      livenessProbe: {httpGet: {path: /alive, port: 8000}}
                    - name: proxy
                      image: lastcall:1
                      env:
                        - {name: LASTCALL_PROXY_UPSTREAM, value: "http://127.0.0.1:8000"}
                        - {name: LASTCALL_DRAIN_GRACE_PERIOD, value: "45"}
                        - {name: LASTCALL_DRAIN_RELEASE_RESERVE, value: 10s}
                      ports: [{name: http, containerPort: 8080}, {name: management, containerPort: 9000}]
                      lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: management, httpHeaders: [{name: X-Lastcall-Pre-Stop, value: "1"}]}}}
                      readinessProbe: {httpGet: {path: /q/health/ready, port: 9000}}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 1
              unhealthyPodEvictionPolicy: AlwaysAllow
              selector: {matchLabels: {app: web}}
            """),

    /** The same on clusters that have native sidecars. */
    NATIVE("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 2
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  terminationGracePeriodSeconds: 45
                  enableServiceLinks: false
                  initContainers:
                    - name: proxy
                      image: lastcall:1
                      restartPolicy: Always
                      env:
                        - {name: JAVA_TOOL_OPTIONS, value: "-Xmx64m -Dlastcall.drain.grace-period=45s"}
                        - {name: LASTCALL_PROXY_UPSTREAM, value: "http://127.0.0.1:8000"}
                        - {name: LASTCALL_DRAIN_RELEASE_RESERVE, value: 10s}
                      startupProbe: {failureThreshold: 30, httpGet: {path: /q/health/started, port: 9000}}
                      readinessProbe: {httpGet: {path: /q/health/ready, port: 9000}}
                  containers:
                    - name: app
                      image: app:1
                      lifecycle: {preStop: {httpGet: {path: /drain/pre-stop, port: 9000, httpHeaders: [{name: X-Lastcall-Pre-Stop, value: "1"}]}}}
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 1
              unhealthyPodEvictionPolicy: AlwaysAllow
              selector: {matchLabels: {app: web}}
            """),

    /** A program without Lastcall. */
    FOREIGN("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec:
              replicas: 4
              strategy: {rollingUpdate: {maxUnavailable: 0, maxSurge: 1}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  containers:
                    - name: app
                      image: app:1
                      command: ["/app", "serve"]
                      ports: [{name: web, containerPort: 8000}]
                      lifecycle: {preStop: {sleep: {seconds: 10}}}
                      readinessProbe: {httpGet: {path: /ready, port: web}}
                      livenessProbe: {httpGet: {path: /alive, port: web}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              selector: {app: web}
              ports: [{port: 80, targetPort: web}]
            ---
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            metadata: {name: web}
            spec:
              maxUnavailable: 1
              unhealthyPodEvictionPolicy: AlwaysAllow
              selector: {matchLabels: {app: web}}
            """);

    private final String yaml;

    Sample(String yaml) {
        this.yaml = yaml;
    }

    String yaml() {
        return yaml;
    }

    /** Returns the sample with one place replaced, which must exist. */
    String with(String place, String replacement) {
        if (!yaml.contains(place)) {
            throw new AssertionError(this + " has no \"" + place + "\"");
        }
        return yaml.replace(place, replacement);
    }
}
