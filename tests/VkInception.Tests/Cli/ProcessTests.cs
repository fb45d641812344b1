using System.Diagnostics;
using System.Security.Cryptography;
using NUnit.Framework;

namespace VkInception.Tests.Cli;

/// <summary>The program as a process of its own: what only its environment decides.</summary>
public class ProcessTests
{
    [TestCase("devices")]
    [TestCase("plan", "googlenet")]
    [TestCase("bench", "--json")]
    public void WithoutADriverThereIsOneLineThatSaysWhatToDo(params string[] arguments)
    {
        (int code, string output, string error) = Run(arguments, ("VK_DRIVER_FILES", "/nowhere.json"), ("VK_ICD_FILENAMES", "/nowhere.json"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1).And.All.StartsWith("vkinception: ").And.All.Contains("driver"));
    }

    [Test]
    public void ANetworkIsSummedUpWithoutADriver()
    {
        (int code, string output, _) = Run(["summary", "googlenet"], ("VK_DRIVER_FILES", "/nowhere.json"), ("VK_ICD_FILENAMES", "/nowhere.json"));

        Assert.That(code, Is.Zero);
        Assert.That(output, Does.Contain("6,998,552"));
    }

    [Test]
    public void WhatTheLayersSayOfThePlansDeviceIsSaid()
    {
        // One vendor's advice asks for an extension that is not used here: a message on every machine.
        (int code, string output, string error) = Run(["plan", "googlenet", "--json", "--validate"], ("VK_LAYER_ENABLES", "VALIDATION_CHECK_ENABLE_VENDOR_SPECIFIC_NVIDIA"));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Is.Empty);
        Assert.That(error, Does.Contain("vkinception: the validation layers reported"));
    }

    [Test]
    public void TheNumberOfThreadsOfHostAndDriverChangesNoBit()
    {
        using var tiny = new TinyInference();
        using var training = new TinyTraining();
        var outcomes = new List<(byte[] Logits, string Steps)>();
        // lavapipe's threads, and the processors that .NET sees.
        foreach ((string driver, string host) in ((string, string)[])[("1", "1"), ("2", "4"), ("5", "2"), ("2", "4")])
        {
            (string, string)[] environment = [("LP_NUM_THREADS", driver), ("DOTNET_PROCESSOR_COUNT", host), ("VKINCEPTION_CACHE", tiny.PathOf($"cache{driver}"))];
            (int code, _, string error) = Run(tiny.Run("y.npy"), environment);
            Assert.That((code, error), Is.EqualTo((0, "")));
            string run = $"run{outcomes.Count}";
            (code, _, error) = Run(training.Train(run, "--epochs", "2"), environment);
            Assert.That((code, error), Is.EqualTo((0, "")));
            outcomes.Add((File.ReadAllBytes(tiny.PathOf("y.npy")), Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(training.Folder.PathOf($"{run}/final.safetensors"))))));
        }
        Assert.That(outcomes.Select(o => o.Logits), Has.All.EqualTo(outcomes[0].Logits));
        Assert.That(outcomes.Select(o => o.Steps), Has.All.EqualTo(outcomes[0].Steps));
    }

    private static (int Code, string Output, string Error) Run(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VkInception.Cli.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
