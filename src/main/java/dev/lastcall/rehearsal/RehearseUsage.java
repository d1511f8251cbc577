package dev.lastcall.rehearsal;

/** The text that {@code --help} prints. */
final class RehearseUsage {
    static final String TEXT = """
            usage: java -jar quarkus-run.jar rehearse [OPTION ...]
            A rolling update on this machine, by the kubelet's and kube-proxy's rules, under load. Without --command: this service.

            the program
              --command "PROGRAM ARGS"    what a pod runs; {port} is where it must listen, also in its variable PORT
              --supervised                the same program behind and below Lastcall
              --manifest FILE|DIRECTORY|- what is not given here, from a Deployment: grace, preStop, probes, surge, variables
              --workload NAME             where the manifests have several that serve
              --env NAME=value            a variable for it; may be repeated
              --ready /path|URL|tcp|none  readiness probe; tcp: ready when it accepts connections
              --pre-stop /path|URL|"sleep 5"|none
              --grace 30s                 terminationGracePeriodSeconds
              --start-limit 60s           after which a pod has failed to become ready
              --init                      PID 1 of the container is an init process, which passes SIGTERM on

            the update
              --replicas 3  --rounds 2  --surge 1  --unavailable 0
              --withdrawal 0..2s          when nodes stop sending to a pod whose end has begun
              --balancer kube-proxy|nginx|envoy|alb|gclb|azure|nlb
              --seed N                    the same delays as in a rehearsal that printed this seed

            the load
              --path, --slow, --stream, --websocket REQUEST
                                          /path, or METHOD /path, or METHOD /path BODY
              --runs REQUEST              begins an agent run of a Lastcall, which is followed from pod to pod
              --grpc "/package.Service/Method [BASE64]"
                                          a call with one message
              --http2                     short, slow and stream by HTTP/2 without TLS
              --load short,slow,stream,websocket,runs,grpc
              --users 6                   clients of each kind
              --timeout 10s               until an answer that is no stream is whole
              --stream-timeout 2m         until a stream is
              --retry-503                 clients send a request again that was answered 503 with Retry-After

            the result
              --json FILE|-
              --report FILE.html          one file, no other resource
              --advise                    tries other sleeps and grace periods, and says which lose nothing
              exit code 0: nothing lost; 1: something lost; 2: nothing could be rehearsed""";

    private RehearseUsage() {}
}
