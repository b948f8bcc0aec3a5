using System.Numerics.Tensors;
using SkiaSharp;

namespace Polyad.Cli.Files;

/// <summary>PNG pictures as tensors, height x width x 3 (red, green, blue), 0 to 255.</summary>
internal static class Picture
{
    private const int Channels = 3;
    private const long MaxPixels = 1L << 27;
    private const int CaptionHeight = 28;
    private const int Gap = 6;

    /// <exception cref="InvalidDataException">The file is not a picture, or it is too large.</exception>
    public static Tensor<double> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using SKCodec? codec = SKCodec.Create(file);
        if (codec is null)
        {
            throw new InvalidDataException($"{path}: not a picture.");
        }

        if ((long)codec.Info.Width * codec.Info.Height > MaxPixels)
        {
            throw new InvalidDataException($"{path}: {codec.Info.Width} x {codec.Info.Height} pixels are more than the {MaxPixels} that are read.");
        }

        SKImageInfo info = new(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using SKBitmap bitmap = new(info);
        if (codec.GetPixels(info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            throw new InvalidDataException($"{path}: the picture is damaged or cut short.");
        }

        ReadOnlySpan<byte> pixels = bitmap.GetPixelSpan();
        double[] values = new double[(long)info.Width * info.Height * Channels];
        for (int y = 0, to = 0; y < info.Height; y++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(y * bitmap.RowBytes, info.Width * 4);
            for (int x = 0; x < info.Width; x++)
            {
                for (int c = 0; c < Channels; c++)
                {
                    values[to++] = row[(4 * x) + c];
                }
            }
        }

        return Tensor.Create(values, [info.Height, info.Width, Channels]);
    }

    /// <summary>Writes pictures of one height side by side, each under its caption.</summary>
    public static void WriteRow(string path, IReadOnlyList<(string Caption, Tensor<double> Pixels)> pictures)
    {
        int height = (int)pictures.Max(static p => p.Pixels.Lengths[0]) + CaptionHeight;
        int width = pictures.Sum(static p => (int)p.Pixels.Lengths[1] + Gap) - Gap;
        using SKBitmap sheet = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using SKCanvas canvas = new(sheet);
        canvas.Clear(SKColors.White);
        using SKFont font = new(SKTypeface.Default, 16);
        using SKPaint ink = new() { Color = SKColors.Black, IsAntialias = true };
        int left = 0;
        foreach ((string caption, Tensor<double> pixels) in pictures)
        {
            canvas.DrawText(caption, left + 4, CaptionHeight - 9, SKTextAlign.Left, font, ink);
            using SKBitmap bitmap = ToBitmap(pixels);
            canvas.DrawBitmap(bitmap, left, CaptionHeight);
            left += bitmap.Width + Gap;
        }

        canvas.Flush();
        using FileStream file = File.Create(path);
        if (!sheet.Encode(file, SKEncodedImageFormat.Png, 100))
        {
            throw new IOException($"{path}: the picture could not be encoded.");
        }
    }

    private static SKBitmap ToBitmap(Tensor<double> pixels)
    {
        double[] values = new double[pixels.FlattenedLength];
        pixels.FlattenTo(values);
        int height = (int)pixels.Lengths[0], width = (int)pixels.Lengths[1];
        SKBitmap bitmap = new(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        byte[] bytes = new byte[height * bitmap.RowBytes];
        for (int y = 0, from = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int at = (y * bitmap.RowBytes) + (4 * x);
                for (int c = 0; c < Channels; c++)
                {
                    bytes[at + c] = (byte)Math.Clamp(Math.Round(values[from++]), 0, 255);
                }

                bytes[at + 3] = 255;
            }
        }

        System.Runtime.InteropServices.Marshal.Copy(bytes, 0, bitmap.GetPixels(), bytes.Length);
        return bitmap;
    }
}
