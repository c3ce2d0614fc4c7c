using Microsoft.AspNetCore.Http;

namespace CoMiGS.Observability.Page;

/// <summary>A file of the page, which lies in this assembly.</summary>
internal sealed class PageAsset
{
    private readonly string _type;
    private readonly byte[] _content;

    private PageAsset(string path, string file, string type)
    {
        Path = path;
        _type = type;
        using var resource = typeof(PageAsset).Assembly.GetManifestResourceStream(file)!;
        _content = new byte[resource.Length];
        resource.ReadExactly(_content);
    }

    public static IReadOnlyList<PageAsset> All { get; } =
    [
        new("/", "live.html", "text/html; charset=utf-8"),
        new("/live.css", "live.css", "text/css; charset=utf-8"),
        new("/live.js", "live.js", "text/javascript; charset=utf-8"),
        new("/charts.js", "charts.js", "text/javascript; charset=utf-8"),
        new("/icon.svg", "icon.svg", "image/svg+xml"),
    ];

    public string Path { get; }

    public Task SendAsync(HttpContext context)
    {
        var request = context.Request;
        if (Path == "/" && !request.Path.Value!.EndsWith('/'))
        {
            context.Response.Redirect($"{request.PathBase}{request.Path}/"); // the page names its files relative to itself
            return Task.CompletedTask;
        }

        context.Response.ContentType = _type;
        context.Response.ContentLength = _content.Length;
        return context.Response.Body.WriteAsync(_content, context.RequestAborted).AsTask();
    }
}
