using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Shouldly;
using Sidecar.Telemetry;
using Xunit;

namespace Sidecar.Tests.Unit.Telemetry;

public class TelemetrySetupTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData(false, "OTEL_SERVICE_NAME=somebody", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_SDK_DISABLED=true")]
    [InlineData(true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_TRACES_EXPORTER=none")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "OTEL_TRACES_EXPORTER=none", "OTEL_METRICS_EXPORTER=none")]
    public void Nothing_is_there_unless_a_collector_is_named(bool isOn, params string[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => setting.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1])));
        var before = builder.Services.Count;
        builder.AddTelemetry("sidecar-test", "Sidecar.Test");
        (builder.Services.Count > before).ShouldBe(isOn);
    }

    [Theory]
    [InlineData("https://sdp.example/app/itdesk/api/v3/requests/234567000000108393/notes?input_data=%7B%22a%22%3A1%7D", "https://sdp.example/app/itdesk/api/v3/requests/{id}/notes")]
    [InlineData("https://user:secret@sdp.example:8443/api/v3/requests?*#x", "https://sdp.example:8443/api/v3/requests")]
    [InlineData("https://my-vault.vault.azure.net/secrets/sdp-ada-b5fc85e557/?api-version=7.6", "https://my-vault.vault.azure.net/secrets/{id}/")]
    [InlineData("http://127.0.0.1:7410/sdp.v1.RequestService/GetRequest", "http://127.0.0.1:7410/sdp.v1.RequestService/GetRequest")]
    [InlineData("https://sdp.example/api/v3/v1234567/a.1", "https://sdp.example/api/v3/{id}/{id}")]
    [InlineData("not a url 42", "{id}")]
    public void A_url_leaves_without_ids_user_and_query(string url, string left) => UrlTemplate.Of(url).ShouldBe(left);

    [Fact]
    public void A_span_leaves_with_what_is_on_the_list_and_nothing_else()
    {
        using var list = new SpanAllowList();
        using var span = new Activity("GET").SetTag("http.request.method", "GET").SetTag("url.full", "https://a.example/b/17?c=d").SetTag("new.in.this.version", "text");
        span.TraceStateString = "somebody=text";
        span.SetStatus(ActivityStatusCode.Error, "text");
        span.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        list.OnEnd(span);
        span.Tags.ShouldBe([KeyValuePair.Create("http.request.method", (string?)"GET"), KeyValuePair.Create("url.full", (string?)"https://a.example/b/{id}")]);
        (span.DisplayName, span.TraceStateString, span.Status, span.StatusDescription, span.Recorded).ShouldBe(("GET /b/{id}", null, ActivityStatusCode.Error, null, true));

        span.AddException(new InvalidOperationException("text"));
        list.OnEnd(span);
        span.Recorded.ShouldBeFalse();
    }
}
