using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Sweep.Client.Dashboard.Api;

/// <summary>
/// The dashboard's JSON: snake_case, non-finite numbers as null. Characters special to HTML are escaped, in case a browser misinterprets the response.
/// </summary>
internal static class DashboardJson
{
    public const string Type = "application/json; charset=utf-8";

    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        Converters = { new FiniteNumbers() },
        MaxDepth = 64,
    };

    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static async Task WriteAsync<T>(HttpContext context, T value, int status = StatusCodes.Status200OK)
    {
        byte[] json = Bytes(value);
        context.Response.StatusCode = status;
        context.Response.ContentType = Type;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }

    public static Task ErrorAsync(HttpContext context, int status, string message) => WriteAsync(context, new { error = message }, status);

    /// <summary>Reads a request's JSON body; missing members are null.</summary>
    /// <exception cref="ApiException">Not JSON of this form.</exception>
    public static async Task<T> ReadAsync<T>(HttpContext context)
        where T : new()
    {
        if (context.Request.ContentLength is null or 0 && context.Request.Headers.TransferEncoding.Count == 0)
            return new T();
        if (!context.Request.HasJsonContentType())
            throw new ApiException(StatusCodes.Status400BadRequest, "the body's type is not JSON; allowed: Content-Type: application/json");
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Options, context.RequestAborted) ?? new T();
        }
        catch (JsonException)
        {
            throw new ApiException(StatusCodes.Status400BadRequest, "the body can't be read; allowed: a JSON object as docs/dashboard-api.md has it");
        }
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDouble();

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
